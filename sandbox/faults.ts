import { z } from 'zod';
import { problem, type Answer } from './answer.js';
import { endpoints } from './journal.js';

// The rules between fields are tried even when a field alone is wrong, so that one answer lists every problem.
const always = { when: ({ value }: { value: unknown }) => typeof value === 'object' && value !== null };

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
    error: 'unauthorized exists only before-work, for a refused call does no work',
  });

export type Fault = z.infer<typeof faultSchema>;

/** What the caller gets once the fault, if any, has acted. In: the answer of the work, absent when none was done. */
export function spoil(fault: Fault | undefined, answer: Answer = madeUp): Answer | 'cut' | 'hang' {
  switch (fault?.kind) {
    case undefined:
    case 'slow':
      return answer;
    case 'cut':
    case 'hang':
      return fault.kind;
    case 'html':
      return { status: 200, contentType: 'text/html; charset=utf-8', body: gatewayPage };
    case 'truncated':
      return { ...madeUp, body: answer.body.slice(0, Math.floor(answer.body.length / 2)) };
    case 'unauthorized':
      return problem(401, 'An injected fault refused this call; authorize again and repeat it.');
    case 'status':
      return {
        ...problem(fault.status ?? 500, 'An injected fault answered in place of the sandbox.'),
        retryAfterSeconds: fault.retryAfterSeconds,
      };
  }
}

const madeUp: Answer = {
  status: 200,
  contentType: 'application/json; charset=utf-8',
  body: '{"note":"made up by an injected fault, for no work was done"}',
};

const gatewayPage = '<!doctype html><html lang="en"><title>Maintenance</title><p>We will be back shortly.</p></html>';
