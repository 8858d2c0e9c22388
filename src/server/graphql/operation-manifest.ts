import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Kind, parse, validate } from 'graphql';
import type { GraphQLError, GraphQLSchema, OperationDefinitionNode } from 'graphql';
import { z } from 'zod';

/** A manifest that the program must not work with, found at the start. */
export class InvalidManifestError extends Error {
  override readonly name = 'UnfitManifest';

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

type Operation = z.infer<typeof operation>;

/** As Apollo's `generate-persisted-query-manifest` writes it; what it has beyond this is not looked at. */
const manifest = z.object({
  format: z.literal('apollo-persisted-query-manifest'),
  version: z.literal(1),
  operations: z.array(operation),
});

/**
 * Reads a manifest of persisted operations: documents by their ids, each the SHA-256 of its document.
 * Throws `UnfitManifest` with all problems when it cannot be read, or holds what this schema could not run.
 */
export function readManifest(path: string, schema: GraphQLSchema): ReadonlyMap<string, string> {
  const { operations } = parsed(textOf(path));
  const documents = new Map(operations.map(({ id, body }) => [id, body]));
  const problems = operations.flatMap((each) => {
    const problem = problemOf(each, schema);
    return problem === undefined ? [] : [`holds the operation ${each.name}, ${problem}`];
  });
  if (documents.size < operations.length) problems.push(`holds ids more than once: ${repeated(operations).join(', ')}`);
  if (problems.length > 0) throw new InvalidManifestError(problems);
  return documents;
}

function textOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new InvalidManifestError([
      `names ${path}, which cannot be read: ${(error as NodeJS.ErrnoException).code ?? ''}`,
    ]);
  }
}

function parsed(text: string): z.infer<typeof manifest> {
  try {
    return manifest.parse(JSON.parse(text));
  } catch (error) {
    if (!(error instanceof z.ZodError)) throw new InvalidManifestError(['names a file that is not valid JSON']);
    const places = error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
    throw new InvalidManifestError(places.map((place) => `names no manifest in Apollo's format, version 1: ${place}`));
  }
}

/** In words that complete a sentence about the operation. */
function problemOf({ id, name, type, body }: Operation, schema: GraphQLSchema): string | undefined {
  // An id of another kind could stand for a document that was changed since.
  if (createHash('sha256').update(body).digest('hex') !== id) return 'whose id is not the SHA-256 of its body';
  try {
    const document = parse(body);
    const [error] = validate(schema, document);
    if (error !== undefined) return `which does not fit the schema: ${error.message}`;
    const [first, ...more] = document.definitions.filter((each) => each.kind === Kind.OPERATION_DEFINITION);
    return isThis(first, name, type) && more.length === 0 ? undefined : `whose body is not one ${type} of this name`;
  } catch (error) {
    return `whose body is no GraphQL: ${(error as GraphQLError).message}`;
  }
}

function isThis(definition: OperationDefinitionNode | undefined, name: string, type: string): boolean {
  return definition?.operation.toString() === type && definition.name?.value === name;
}

function repeated(operations: readonly Operation[]): string[] {
  const twice = operations.filter(({ id }, index) => operations.findIndex((other) => other.id === id) < index);
  return twice.map(({ name }) => name);
}
