import { createHash } from 'node:crypto';
import { HeaderMap } from '@apollo/server';
import type { ApolloServerPlugin, GraphQLRequest } from '@apollo/server';
import { ApolloServerErrorCode } from '@apollo/server/errors';
import { GraphQLError } from 'graphql';
import type { RequestContext } from '../../resolvers/request-context.js';
import { rejectBeforeParse } from './reject-before-parse.js';

/** Documents that are known from the start, by the SHA-256 of each, and whether any others are taken. */
export interface PersistedOperations {
  readonly documents: ReadonlyMap<string, string>;
  readonly only: boolean;
}

/**
 * Puts the document of an operation that is named by its hash in its place, and refuses what may not run, before anything of it
 * is read. Hashes that are not listed are left to Apollo Server and its cache of automatic persisted queries.
 */
export function persistedOperations({ documents, only }: PersistedOperations): ApolloServerPlugin<RequestContext> {
  const listed = new Set(documents.values());
  return {
    requestDidStart: ({ request }) => {
      // The protocol of graphql-ws wants a text where the hash says it all; other clients send null.
      if (request.query == null || request.query === '') delete request.query;
      const refusal = refusalOf(request) ?? (only ? refusalOfUnlisted(request, listed) : undefined);
      if (refusal !== undefined) return Promise.resolve(rejectBeforeParse(request, refusal));
      const document = documents.get(hashOf(request) ?? '');
      if (document !== undefined) request.query = document;
      return Promise.resolve();
    },
  };
}

/** Of a hash that is none, which Apollo Server would tell of as if the fault were ours. */
function refusalOf(request: GraphQLRequest): GraphQLError | undefined {
  if (!request.extensions?.persistedQuery) return undefined;
  const hash = hashOf(request);
  if (hash === undefined) return badRequest('persistedQuery has version 1 and, as sha256Hash, 64 hexadecimal digits.');
  if (request.query === undefined || sha256(request.query) === hash) return undefined;
  return badRequest('The sha256Hash is not that of the query.');
}

function refusalOfUnlisted({ query }: GraphQLRequest, listed: ReadonlySet<string>): GraphQLError | undefined {
  if (query === undefined || listed.has(query)) return undefined;
  // Code and status of Apollo's router.
  return refusal(
    'Only operations of the manifest are taken here, by their text or their hash.',
    'QUERY_NOT_IN_SAFELIST',
    403,
  );
}

function hashOf({ extensions }: GraphQLRequest): string | undefined {
  const { version, sha256Hash } = (extensions?.persistedQuery ?? {}) as Record<string, unknown>;
  return version === 1 && typeof sha256Hash === 'string' && /^[0-9a-f]{64}$/.test(sha256Hash) ? sha256Hash : undefined;
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function badRequest(message: string): GraphQLError {
  return refusal(message, ApolloServerErrorCode.BAD_REQUEST, 400);
}

function refusal(message: string, code: string, status: number): GraphQLError {
  return new GraphQLError(message, { extensions: { code, http: { status, headers: new HeaderMap() } } });
}
