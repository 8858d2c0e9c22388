import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';

const ROOT = new URL('../..', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, ROOT), 'utf8');

const GRAPHQL = 'src/server/graphql/limits';
const HTTP = 'src/server/http/node-http-options.ts';
const REQUEST = 'src/server/request/transport-limits.ts';
const QUOTA = 'src/server/request/concurrency-quota.ts';
const CALLBACKS = 'src/server/subscriptions/callbacks';

/** A row of a document's table, and the constant or option whose number it gives. */
const ROWS: readonly (readonly [document: string, row: string, file: string, name: string])[] = [
  ['docs/http.md', 'Tokens of a document', `${GRAPHQL}/document-limits.ts`, 'MAX_TOKENS'],
  ['docs/http.md', 'Depth (nested levels), fragments included', `${GRAPHQL}/document-limits.ts`, 'MAX_LEVELS'],
  ['docs/http.md', 'Aliases of an operation, fragments included', `${GRAPHQL}/document-limits.ts`, 'MAX_ALIASES'],
  ['docs/http.md', 'Directives of a document', `${GRAPHQL}/document-limits.ts`, 'MAX_DIRECTIVES'],
  ['docs/http.md', 'Occurrences of one field in a selection set', `${GRAPHQL}/document-limits.ts`, 'MAX_REPEATS'],
  ['docs/http.md', 'Cost', `${GRAPHQL}/limit-operations.ts`, 'MAX_COST'],
  ['docs/http.md', 'Depth of variables and extensions', `${GRAPHQL}/limit-operations.ts`, 'MAX_LEVELS'],
  ['docs/http.md', 'Variables, and fields of an object in variables', `${GRAPHQL}/limit-operations.ts`, 'MAX_KEYS'],
  ['docs/http.md', 'Headers and URL', HTTP, 'maxHeaderSize'],
  ['docs/http.md', 'Time for the headers', HTTP, 'headersTimeout'],
  ['docs/http.md', 'Time for the whole request', HTTP, 'RECEIVE_TIMEOUT_MS'],
  ['docs/http.md', 'A body, with `content-length` or chunked', REQUEST, 'MAX_REQUEST_BYTES'],
  ['docs/http.md', 'An idle connection', HTTP, 'IDLE_TIMEOUT_MS'],
  ['docs/http.md', 'Connections per replica', HTTP, 'MAX_CONNECTIONS'],
  ['docs/subscriptions.md', 'Size of a request or message', REQUEST, 'MAX_REQUEST_BYTES'],
  ['docs/subscriptions.md', 'Operations in progress on one WebSocket', REQUEST, 'MAX_OPERATIONS_PER_SOCKET'],
  ['docs/subscriptions.md', 'Subscriptions per replica', QUOTA, 'MAX_SUBSCRIPTIONS'],
  ['docs/subscriptions.md', 'Subscriptions per client and replica', QUOTA, 'MAX_SUBSCRIPTIONS_PER_CLIENT'],
  ['docs/subscriptions.md', 'WebSockets per replica', QUOTA, 'MAX_WEBSOCKETS'],
  ['docs/subscriptions.md', 'WebSockets per client and replica', QUOTA, 'MAX_WEBSOCKETS_PER_CLIENT'],
  [
    'docs/subscriptions.md',
    'Subscriptions of all replicas together',
    `${CALLBACKS}/callback-subscription-manager.ts`,
    'MAX_SUBSCRIPTIONS',
  ],
];

/** The ways to write a number of bytes, of milliseconds or of anything else. */
function spellings(name: string, value: number): string[] {
  const count = value.toLocaleString('en-US');
  if (/_MS$|Timeout$/.test(name)) return [`${value / 1_000} s`];
  if (/_BYTES$|Size$/.test(name)) return [`${value / 1_000} kB`, `${value / 1_024} KiB`];
  return [count];
}

describe('a documented limit', () => {
  it.each(ROWS)('equals the limit of the code: %s, "%s"', (document, row, file, name) => {
    const line = read(document)
      .split('\n')
      .find((each) => each.startsWith(`| ${row} `));
    const inCode = new RegExp(`\\b${name}(?: =|:) ([\\d_]+)`).exec(read(file))?.[1];
    const value = /^([\d,]+(?: kB| KiB| s)?)/.exec(line?.split('|')[2]?.trim() ?? '')?.[1];
    expect(spellings(name, Number(inCode?.replaceAll('_', '')))).toContain(value);
  });
});
