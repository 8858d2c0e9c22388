import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Kind, parse, validate } from 'graphql';
import type { GraphQLError, GraphQLSchema, OperationDefinitionNode } from 'graphql';
import { z } from 'zod';

/** The file that PERSISTED_OPERATIONS names cannot be used. Thrown at startup, with all problems. */
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

type Operation = z.infer<typeof operation>;

/** The format of Apollo's `generate-persisted-query-manifest`. Other fields are ignored. */
const manifest = z.object({
  format: z.literal('apollo-persisted-query-manifest'),
  version: z.literal(1),
  operations: z.array(operation),
});

/**
 * Reads a manifest of persisted operations. Returns the documents by their ids; each id is the SHA-256 of its document.
 * Throws `InvalidManifestError` with all problems if the file cannot be read or holds an operation that this schema
 * cannot run.
 */
export function readManifest(path: string, schema: GraphQLSchema): ReadonlyMap<string, string> {
  const { operations } = parsed(textOf(path));
  const documents = new Map(operations.map(({ id, body }) => [id, body]));
  const problems = operations.flatMap((each) => {
    const problem = problemOf(each, schema);
    return problem === undefined ? [] : [`contains the operation ${each.name}, ${problem}`];
  });
  if (documents.size < operations.length)
    problems.push(`contains ids more than once: ${repeated(operations).join(', ')}`);
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
    throw new InvalidManifestError(
      places.map((place) => `does not name a manifest in Apollo's format, version 1: ${place}`),
    );
  }
}

/** A relative clause about the operation; undefined when it has no problem. */
function problemOf({ id, name, type, body }: Operation, schema: GraphQLSchema): string | undefined {
  // With any other kind of id, a document could change behind its id.
  if (createHash('sha256').update(body).digest('hex') !== id) return 'whose id is not the SHA-256 of its body';
  try {
    const document = parse(body);
    const [error] = validate(schema, document);
    if (error !== undefined) return `which does not match the schema: ${error.message}`;
    const [first, ...more] = document.definitions.filter((each) => each.kind === Kind.OPERATION_DEFINITION);
    return matches(first, name, type) && more.length === 0 ? undefined : `whose body is not one ${type} of this name`;
  } catch (error) {
    return `whose body is not valid GraphQL: ${(error as GraphQLError).message}`;
  }
}

function matches(definition: OperationDefinitionNode | undefined, name: string, type: string): boolean {
  return definition?.operation.toString() === type && definition.name?.value === name;
}

function repeated(operations: readonly Operation[]): string[] {
  const twice = operations.filter(({ id }, index) => operations.findIndex((other) => other.id === id) < index);
  return twice.map(({ name }) => name);
}
