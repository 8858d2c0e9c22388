// Reads the example operations, which the README shows, `npm start` prints and the tests run.
import { readFileSync } from 'node:fs';

const FOLDER = new URL('../examples/operations/', import.meta.url);

/**
 * The request body of an example. `name` is the name of its files.
 * @param {'create-payment-session' | 'send-payment-request' | 'validate-payment'} name
 * @returns {{ query: string, variables: Record<string, unknown> }}
 */
export function readExample(name) {
  const read = (/** @type {string} */ ending) => readFileSync(new URL(name + ending, FOLDER), 'utf8');
  return { query: read('.graphql'), variables: JSON.parse(read('.variables.json')) };
}

/**
 * A shell command that sends an example mutation to `graphqlUrl` with this idempotency key.
 * @param {'create-payment-session' | 'send-payment-request'} name
 * @param {string} graphqlUrl
 * @param {string} idempotencyKey
 * @param {boolean} [needsCredentials] whether clients authenticate; the command then has a placeholder for a token or API key
 * @returns {string}
 */
export function curlLine(name, graphqlUrl, idempotencyKey, needsCredentials = false) {
  const { query, variables } = readExample(name);
  Object.assign(/** @type {object} */ (variables.input), { idempotencyKey });
  const body = JSON.stringify({ query: query.replace(/\s+/g, ' ').trim(), variables });
  const authorization = needsCredentials ? " -H 'authorization: Bearer …'" : '';
  return `curl -s ${graphqlUrl} -H 'content-type: application/json'${authorization} -d '${body.replaceAll("'", "'\\''")}'`;
}
