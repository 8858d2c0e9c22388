import { ApolloServerErrorCode } from '@apollo/server/errors';
import type { FastifyReply } from 'fastify';
import type { FormattedExecutionResult, GraphQLFormattedError } from 'graphql';
import { withRequestId } from '../request/error-response.js';
import { OPERATION_TOO_LARGE } from '../graphql/limits/operation-too-large.js';

/** Codes of requests that HTTP has no complaint about: what is wrong is GraphQL's. */
const GRAPHQL_ERRORS = new Set<unknown>([
  ApolloServerErrorCode.GRAPHQL_PARSE_FAILED,
  ApolloServerErrorCode.GRAPHQL_VALIDATION_FAILED,
  ApolloServerErrorCode.OPERATION_RESOLUTION_FAILURE,
  ApolloServerErrorCode.BAD_USER_INPUT,
  OPERATION_TOO_LARGE,
]);

/**
 * The last hand on an answer of /graphql, as text, whichever way it was made: the request id in its errors, and the status that
 * its media type wants. Apollo Server answers 400 in both; GraphQL over HTTP keeps that for `application/graphql-response+json`,
 * and has 200 for all well-formed requests in `application/json`, since older clients read no body of another status.
 */
export function finalizeResponse(reply: FastifyReply, body: unknown): unknown {
  // Apollo writes `errors` first, so most answers are not parsed.
  if (typeof body !== 'string' || !body.startsWith('{"errors":')) return body;
  const answer = JSON.parse(body) as FormattedExecutionResult;
  if (reply.statusCode === 400 && isPlainJson(reply) && answer.errors?.every(isOfGraphql) === true) reply.code(200);
  return JSON.stringify(withRequestId(answer, reply.request.id));
}

function isPlainJson(reply: FastifyReply): boolean {
  return String(reply.getHeader('content-type')).startsWith('application/json');
}

function isOfGraphql({ extensions }: GraphQLFormattedError): boolean {
  return GRAPHQL_ERRORS.has(extensions?.code);
}
