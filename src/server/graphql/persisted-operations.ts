import { createHash } from 'node:crypto';
import { HeaderMap } from '@apollo/server';
import type { ApolloServerPlugin, GraphQLRequest } from '@apollo/server';
import { ApolloServerErrorCode } from '@apollo/server/errors';
import { GraphQLError } from 'graphql';
import type { RequestContext } from '../../resolvers/request-context.js';
import { rejectBeforeParse } from './reject-before-parse.js';

/** The documents of the manifest. */
export interface PersistedOperations {
  /** Documents by their SHA-256. */
  readonly documents: ReadonlyMap<string, string>;
  /** Whether all other documents are rejected. */
  readonly only: boolean;
}

/**
 * Resolves operations that are sent by their hash, and rejects those that are not allowed before their document is
 * parsed. Hashes that are not in the manifest are left to Apollo Server and its cache of automatic persisted queries.
 */
export function persistedOperations({ documents, only }: PersistedOperations): ApolloServerPlugin<RequestContext> {
  const listed = new Set(documents.values());
  return {
    requestDidStart: ({ request }) => {
      // graphql-ws requires `query` to be a string even when only a hash is sent; other clients send null.
      if (request.query == null || request.query === '') delete request.query;
      const rejection = rejectMalformedHash(request) ?? (only ? rejectUnlisted(request, listed) : undefined);
      if (rejection !== undefined) return Promise.resolve(rejectBeforeParse(request, rejection));
      const document = documents.get(hashOf(request) ?? '');
      if (document !== undefined) request.query = document;
      return Promise.resolve();
    },
  };
}

/** Apollo Server would report a malformed hash as an internal error. */
function rejectMalformedHash(request: GraphQLRequest): GraphQLError | undefined {
  if (!request.extensions?.persistedQuery) return undefined;
  const hash = hashOf(request);
  if (hash === undefined)
    return badRequest('extensions.persistedQuery must be { version: 1, sha256Hash: <64 hex digits> }.');
  if (request.query === undefined || sha256(request.query) === hash) return undefined;
  return badRequest('The sha256Hash does not match the query.');
}

function rejectUnlisted({ query }: GraphQLRequest, listed: ReadonlySet<string>): GraphQLError | undefined {
  if (query === undefined || listed.has(query)) return undefined;
  // Code and status are those of Apollo Router.
  return rejection(
    'Only operations of the manifest are accepted here, by their text or their hash.',
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
  return rejection(message, ApolloServerErrorCode.BAD_REQUEST, 400);
}

function rejection(message: string, code: string, status: number): GraphQLError {
  return new GraphQLError(message, { extensions: { code, http: { status, headers: new HeaderMap() } } });
}
