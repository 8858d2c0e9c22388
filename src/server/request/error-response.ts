import type { FastifyReply } from 'fastify';
import type { FormattedExecutionResult } from 'graphql';
import { errorContentType } from './content-negotiation.js';

/** An error of the HTTP layer itself; `code` is its `extensions.code`. */
export type HttpError = readonly [status: number, code: string, message: string];

/** Sends an error of the HTTP layer itself, as `errors[]` in the shape that GraphQL errors have. */
export function sendError(reply: FastifyReply, ...[status, code, message]: HttpError): FastifyReply {
  const { headers, id } = reply.request;
  return reply
    .code(status)
    .type(errorContentType(headers.accept))
    .send(errorResponse(code, message, id));
}

/** The JSON body for a single error. */
export function errorResponse(code: string, message: string, requestId: string): string {
  return JSON.stringify({ errors: [{ message, extensions: { code, requestId } }] });
}

/** Adds the request id to the extensions of each error of a GraphQL response. */
export function withRequestId(result: FormattedExecutionResult, requestId: string): FormattedExecutionResult {
  const { errors, ...rest } = result;
  if (errors === undefined) return rest;
  return { errors: errors.map((error) => ({ ...error, extensions: { ...error.extensions, requestId } })), ...rest };
}
