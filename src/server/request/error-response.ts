import type { FastifyError, FastifyReply } from 'fastify';
import type { FormattedExecutionResult } from 'graphql';
import { errorContentType } from './content-negotiation.js';

/** Sends an error of the HTTP layer itself, as `errors[]` in the shape that GraphQL errors have. */
export function sendError(reply: FastifyReply, status: number, code: string, message: string): FastifyReply {
  return reply
    .code(status)
    .type(errorContentType(reply.request.headers.accept))
    .send(errorResponse(code, message, reply.request.id));
}

/** The JSON body for a single error. */
export function errorResponse(code: string, message: string, requestId: string): string {
  return JSON.stringify({ errors: [{ message, extensions: { code, requestId } }] });
}

/** Adds the request id to the extensions of each error of a GraphQL response. */
export function withRequestId(
  { errors, ...rest }: FormattedExecutionResult,
  requestId: string,
): FormattedExecutionResult {
  if (errors === undefined) return rest;
  return {
    errors: errors.map((error) => ({ ...error, extensions: { ...error.extensions, requestId } })),
    ...rest,
  };
}

/**
 * Maps an error of Fastify's to a status and a message that quotes nothing of the request; undefined for any other
 * error.
 */
export function requestProblem(error: FastifyError): { status: number; message: string } | undefined {
  switch (error.statusCode) {
    case 400:
      return { status: 400, message: 'The body is not valid JSON.' };
    case 413:
      return { status: 413, message: 'The body is too large.' };
    case 415:
      return { status: 415, message: 'Send content-type: application/json.' };
    default:
      return undefined;
  }
}
