import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { ApolloServerPlugin, GraphQLRequest } from '@apollo/server';
import { GraphQLError, Kind, parse, validate } from 'graphql';
import type { GraphQLSchema } from 'graphql';
import { z } from 'zod';
import type { RequestContext } from '../../resolvers/request-context.js';
import { badRequest, rejectBeforeParse } from './reject-operations.js';

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
  return new GraphQLError('Only operations of the manifest are accepted here, by their text or their hash.', {
    // As in Apollo Router.
    extensions: { code: 'QUERY_NOT_IN_SAFELIST', http: { status: 403 } },
  });
}

function hashOf({ extensions }: GraphQLRequest): string | undefined {
  const { version, sha256Hash } = (extensions?.persistedQuery ?? {}) as Record<string, unknown>;
  return version === 1 && typeof sha256Hash === 'string' && /^[0-9a-f]{64}$/.test(sha256Hash) ? sha256Hash : undefined;
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** The file that PERSISTED_OPERATIONS_MANIFEST names cannot be used. Thrown at startup, with all problems. */
export class InvalidManifestError extends Error {
  override readonly name = 'InvalidManifestError';

  constructor(problems: readonly string[]) {
    super(problems.map((problem) => `PERSISTED_OPERATIONS_MANIFEST ${problem}`).join('\n  - '));
  }
}

const operation = z.object({
  id: z.string(),
  name: z.string(),
  type: z.enum(['query', 'mutation', 'subscription']),
  body: z.string(),
});

/** The format of Apollo's `generate-persisted-query-manifest`. Other fields are ignored. */
const manifest = z.object({
  format: z.literal('apollo-persisted-query-manifest'),
  version: z.literal(1),
  operations: z.array(operation),
});

/**
 * Reads a manifest: the documents by their ids, their SHA-256. Throws `InvalidManifestError` with all problems
 * if the file cannot be read or holds an operation that this schema cannot run.
 */
export function readManifest(path: string, schema: GraphQLSchema): ReadonlyMap<string, string> {
  const { operations } = parsed(path);
  const documents = new Map(operations.map(({ id, body }) => [id, body]));
  const problems = operations.flatMap((each) => {
    const problem = problemOf(each, schema);
    return problem === undefined ? [] : [`contains the operation ${each.name}, ${problem}`];
  });
  const repeated = operations.filter(({ id }, index) => operations.findIndex((other) => other.id === id) < index);
  if (repeated.length > 0) problems.push(`contains ids more than once: ${repeated.map(({ name }) => name).join(', ')}`);
  if (problems.length > 0) throw new InvalidManifestError(problems);
  return documents;
}

function parsed(path: string): z.infer<typeof manifest> {
  try {
    return manifest.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch (error) {
    if (error instanceof SyntaxError) throw new InvalidManifestError(['names a file that is not valid JSON']);
    const { code = '' } = error as NodeJS.ErrnoException;
    if (!(error instanceof z.ZodError))
      throw new InvalidManifestError([`names ${path}, which cannot be read: ${code}`]);
    const places = error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    throw new InvalidManifestError(
      places.map((place) => `does not name a manifest in Apollo's format, version 1: ${place}`),
    );
  }
}

/** A relative clause about the operation; undefined when it has no problem. */
function problemOf({ id, name, type, body }: z.infer<typeof operation>, schema: GraphQLSchema): string | undefined {
  // With any other kind of id, a document could change behind its id.
  if (sha256(body) !== id) return 'whose id is not the SHA-256 of its body';
  try {
    const document = parse(body);
    const [error] = validate(schema, document);
    if (error !== undefined) return `which does not match the schema: ${error.message}`;
    const [first, ...more] = document.definitions.filter((each) => each.kind === Kind.OPERATION_DEFINITION);
    const matches = first?.operation.toString() === type && first.name?.value === name && more.length === 0;
    return matches ? undefined : `whose body is not one ${type} of this name`;
  } catch (error) {
    return `whose body is not valid GraphQL: ${(error as GraphQLError).message}`;
  }
}
