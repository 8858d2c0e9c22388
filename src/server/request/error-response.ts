import type { FastifyError, FastifyReply } from 'fastify';
import type { FormattedExecutionResult } from 'graphql';
import { errorContentType } from './content-negotiation.js';

/** Answers with an `errors[]` of the HTTP edge itself, in the shape of all others. */
export function sendError(reply: FastifyReply, status: number, code: string, message: string): FastifyReply {
  return reply
    .code(status)
    .type(errorContentType(reply.request.headers.accept))
    .send(errorResponse(code, message, reply.request.id));
}

export function errorResponse(code: string, message: string, requestId: string): string {
  return JSON.stringify({ errors: [{ message, extensions: { code, requestId } }] });
}

/** Puts the request id into every error of a GraphQL answer. */
export function withRequestId(
  { errors, ...answer }: FormattedExecutionResult,
  requestId: string,
): FormattedExecutionResult {
  if (errors === undefined) return answer;
  return {
    errors: errors.map((error) => ({ ...error, extensions: { ...error.extensions, requestId } })),
    ...answer,
  };
}

/** What Fastify found wrong with a request, in words that repeat nothing of it. */
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
