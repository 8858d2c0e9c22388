import { randomUUID } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';

/** Beside `src` and `dist` alike. */
const FOLDER = new URL('../../../../examples/operations/', import.meta.url);

/** What the others need a payment of. */
const FIRST = 'create-payment-session';

/** An operation with its variables, both as text for an editor. */
export interface ExampleOperation {
  readonly query: string;
  readonly variables: string;
}

/** The operations of `examples/operations`. Keys of idempotency are fresh, so that a first run makes a new payment. */
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
