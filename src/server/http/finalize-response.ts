import { ApolloServerErrorCode } from '@apollo/server/errors';
import type { FastifyReply } from 'fastify';
import type { FormattedExecutionResult } from 'graphql';
import { OPERATION_TOO_LARGE } from '../graphql/limits/document-limits.js';
import { withRequestId } from '../request/error-response.js';

/** Codes of errors in a well-formed HTTP request: the problem is in its GraphQL. */
const GRAPHQL_ERRORS = new Set<unknown>([
  ApolloServerErrorCode.GRAPHQL_PARSE_FAILED,
  ApolloServerErrorCode.GRAPHQL_VALIDATION_FAILED,
  ApolloServerErrorCode.OPERATION_RESOLUTION_FAILURE,
  ApolloServerErrorCode.BAD_USER_INPUT,
  OPERATION_TOO_LARGE,
]);

/**
 * The last step of every response of /graphql, as text: adds the request id to its errors, and sets the status. Apollo
 * Server responds with 400 in both media types. GraphQL over HTTP keeps that for `application/graphql-response+json`,
 * and requires 200 for all well-formed requests in `application/json`: older clients ignore the body of other statuses.
 */
export function finalizeResponse(reply: FastifyReply, body: unknown): unknown {
  // Apollo Server writes `errors` first, so most responses need not be parsed.
  if (typeof body !== 'string' || !body.startsWith('{"errors":')) return body;
  const response = JSON.parse(body) as FormattedExecutionResult;
  const isPlainJson = String(reply.getHeader('content-type')).startsWith('application/json');
  const isWellFormed = response.errors?.every(({ extensions }) => GRAPHQL_ERRORS.has(extensions?.code)) === true;
  if (reply.statusCode === 400 && isPlainJson && isWellFormed) reply.code(200);
  return JSON.stringify(withRequestId(response, reply.request.id));
}
