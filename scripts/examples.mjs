// The example operations: one place for what the README shows, `npm start` prints and the tests run.
import { readFileSync } from 'node:fs';

const FOLDER = new URL('../examples/operations/', import.meta.url);

/**
 * The request body of an example, named as its files are.
 * @param {'create-payment-session' | 'send-payment-request' | 'validate-payment'} name
 * @returns {{ query: string, variables: Record<string, unknown> }}
 */
export function readExample(name) {
  const read = (/** @type {string} */ ending) => readFileSync(new URL(name + ending, FOLDER), 'utf8');
  return { query: read('.graphql'), variables: JSON.parse(read('.variables.json')) };
}

/**
 * A line for a shell that sends an example mutation to `graphqlUrl`, under another key than the example's.
 * @param {'create-payment-session' | 'send-payment-request'} name
 * @param {string} graphqlUrl
 * @param {string} idempotencyKey
 * @param {boolean} [identified] whether clients need a token or key; the line leaves room for it
 * @returns {string}
 */
export function curlLine(name, graphqlUrl, idempotencyKey, identified = false) {
  const { query, variables } = readExample(name);
  Object.assign(/** @type {object} */ (variables.input), { idempotencyKey });
  const body = JSON.stringify({ query: query.replace(/\s+/g, ' ').trim(), variables });
  const authorization = identified ? " -H 'authorization: Bearer …'" : '';
  return `curl -s ${graphqlUrl} -H 'content-type: application/json'${authorization} -d '${body.replaceAll("'", "'\\''")}'`;
}
