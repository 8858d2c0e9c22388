import { z } from 'zod';
import type { Sensitive } from '../../domain/sensitive.js';
import type { WireRequest } from '../transport.js';
import { writeJson } from './wire-json.js';

const PATH = '/api/v1/paymentrequests';

/** POST /api/v1/paymentrequests: activates a session. Source: flinks-pay-api.md 5.1 [ET-POSTREQ]. */
export function activateRequest(sessionId: Sensitive<string>): WireRequest {
  return {
    method: 'POST',
    path: PATH,
    headers: { 'content-type': 'application/json' },
    body: writeJson({ sessionId }),
  };
}

export const activateReply = z.object({ requestId: z.string().min(1).max(256) });

/** What an emulator or Flinks answers to a session that has its payment request already [inferred]. */
export const ALREADY_LINKED_STATUS = 409;

/** GET /api/v1/paymentrequests/{requestId}. Source: flinks-pay-api.md 5.2 [ET-GETREQ]. */
export function lookUpRequest(paymentRequestId: string): WireRequest {
  return { method: 'GET', path: `${PATH}/${encodeURIComponent(paymentRequestId)}`, headers: {} };
}

/** Both published shapes in one: A names the request `requestId`, B `id`. `statusDetails` is in neither, but in the guide. */
export const lookUpReply = z
  .object({
    requestId: z.string().optional(),
    id: z.string().optional(),
    status: z.string().min(1),
    statusDetails: z.string().nullish(),
  })
  .refine((reply) => (reply.requestId ?? reply.id) !== undefined);
