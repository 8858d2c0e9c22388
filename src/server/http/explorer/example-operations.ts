import { randomUUID } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';

/** The same relative path from `src` and from `dist`. */
const FOLDER = new URL('../../../../examples/operations/', import.meta.url);

/** First, because the other operations need the id of its payment. */
const FIRST = 'create-payment-session';

/** An operation with its variables, both as text for an editor. */
export interface ExampleOperation {
  readonly query: string;
  readonly variables: string;
}

/**
 * Reads the operations of `examples/operations`. Their idempotency keys are replaced by new ones, so that the first run
 * creates a new payment.
 */
export async function readExampleOperations(): Promise<ExampleOperation[]> {
  const files = (await readdir(FOLDER)).sort();
  const names = files.filter((file) => file.endsWith('.graphql')).map((file) => file.slice(0, -'.graphql'.length));
  const others = names.filter((name) => name !== FIRST);
  return Promise.all(
    [FIRST, ...others].map(async (name) => {
      const [query, variables] = await Promise.all([
        readFile(new URL(`${name}.graphql`, FOLDER), 'utf8'),
        readFile(new URL(`${name}.variables.json`, FOLDER), 'utf8'),
      ]);
      return { query: query.trimEnd(), variables: withFreshKey(variables).trimEnd() };
    }),
  );
}

function withFreshKey(variables: string): string {
  return variables.replace(/(?<="idempotencyKey": ")[^"]+/, () => randomUUID());
}
