import { z } from 'zod';
import { problem, type HttpResponse } from './response.js';
import { endpoints } from './journal.js';

// Checks the rules between fields even when a single field is invalid, so that one response lists every problem.
const always = { when: ({ value }: { value: unknown }) => typeof value === 'object' && value !== null };

/** A fault of an API call, as added by `POST /sandbox/faults`. */
export const faultSchema = z
  .strictObject({
    endpoint: z.enum(endpoints),
    kind: z.enum(['slow', 'status', 'cut', 'hang', 'html', 'truncated', 'unauthorized']),
    when: z.enum(['before-work', 'after-work']).default('before-work'),
    count: z.int().min(1).default(1),
    delayMs: z.number().min(0).max(600_000).optional(),
    status: z.int().min(400).max(599).optional(),
    retryAfterSeconds: z.int().min(0).optional(),
  })
  .refine((fault) => (fault.kind === 'slow') === (fault.delayMs !== undefined), {
    ...always,
    path: ['delayMs'],
    error: 'send it with kind slow, and only then',
  })
  .refine((fault) => (fault.kind === 'status') === (fault.status !== undefined), {
    ...always,
    path: ['status'],
    error: 'send it with kind status, and only then',
  })
  .refine((fault) => fault.kind === 'status' || fault.retryAfterSeconds === undefined, {
    ...always,
    path: ['retryAfterSeconds'],
    error: 'send it only with kind status',
  })
  .refine((fault) => fault.kind !== 'unauthorized' || fault.when !== 'after-work', {
    ...always,
    path: ['when'],
    error: 'unauthorized exists only before-work, because a rejected call does no work',
  });

/** A fault of an API call. */
export type Fault = z.infer<typeof faultSchema>;

/**
 * Returns the response that the client receives under a fault, or without one. `response` is that of the work, and is absent if no
 * work was done.
 */
export function applyFault(
  fault: Fault | undefined,
  response: HttpResponse = placeholder,
): HttpResponse | 'cut' | 'hang' {
  switch (fault?.kind) {
    case undefined:
    case 'slow':
      return response;
    case 'cut':
    case 'hang':
      return fault.kind;
    case 'html':
      return { status: 200, contentType: 'text/html; charset=utf-8', body: gatewayPage };
    case 'truncated':
      return { ...placeholder, body: response.body.slice(0, Math.floor(response.body.length / 2)) };
    case 'unauthorized':
      return problem(401, 'An injected fault rejected this call; authorize again and repeat it.');
    case 'status':
      return {
        ...problem(fault.status ?? 500, 'An injected fault responded in place of the sandbox.'),
        retryAfterSeconds: fault.retryAfterSeconds,
      };
  }
}

const placeholder: HttpResponse = {
  status: 200,
  contentType: 'application/json; charset=utf-8',
  body: '{"note":"made up by an injected fault, since no work was done"}',
};

const gatewayPage = '<!doctype html><html lang="en"><title>Maintenance</title><p>We will be back shortly.</p></html>';
