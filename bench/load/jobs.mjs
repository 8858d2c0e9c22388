// What a client asks for. Each job makes the body of its n-th request, and knows a text of every right response.
import { readFileSync } from 'node:fs';

const PAGE_SIZE = 20;

const read = (name) => readFileSync(new URL(`../operations/${name}.graphql`, import.meta.url), 'utf8');
const PAYMENT = read('payment');
const ERROR = read('error');

/** A job is given the texts that make its payments unlike any others, and the ids of payments that exist. */
const JOBS = {
  create: {
    document: read('create') + ERROR + PAYMENT,
    variables: (n, { prefix }) => ({ input: newPayment(n, prefix) }),
    path: '/payment-sessions',
    expected: '"paymentUrl":"http',
  },
  send: {
    document: read('send') + ERROR + PAYMENT,
    variables: (n, { prefix }) => ({ input: newPayment(n, prefix) }),
    path: '/payment-requests',
    expected: '"status":"INITIATED"',
  },
  replay: {
    document: read('create') + ERROR + PAYMENT,
    variables: (n, { prefix, known }) => ({ input: newPayment(n % known, prefix) }),
    expected: '"replayed":true',
  },
  get: {
    document: read('get') + PAYMENT,
    variables: (n, { ids }) => ({ id: ids[n % ids.length] }),
    path: '/payment-sessions/',
    expected: '"status":"INITIATED"',
  },
  page: {
    document: read('page') + PAYMENT,
    variables: () => ({ first: PAGE_SIZE }),
    expected: '"hasNextPage":true',
  },
  entities50: entities(50),
  entities500: entities(500),
};

function entities(count) {
  return {
    document: read('entities') + PAYMENT,
    variables: (n, { ids }) => ({
      representations: Array.from({ length: count }, (_, index) => ({
        __typename: 'PaymentSession',
        id: ids[(n * count + index) % ids.length],
      })),
    }),
    expected: '"status":"INITIATED"',
  };
}

/** Nothing about a payment repeats, so that no limit and no duplicate detection rejects it. */
function newPayment(n, prefix) {
  return {
    idempotencyKey: `${prefix}-${n}`,
    customer: { userId: `user-${prefix}-${n}`, name: 'Alex Tremblay', email: `payer-${prefix}-${n}@example.com` },
    amount: { value: '250.10', currency: 'CAD' },
    referenceId: `${prefix}-${n}`,
    // The default; graphql-jit reports a required field as missing even if it has one.
    allowDuplicate: false,
  };
}

/**
 * Makes the n-th request of a job: to a GraphQL server, or as REST to one that has no GraphQL. `tokens` are those of the
 * clients, which send one request each in rotation.
 */
export function requestsOf({ job, rest, tokens = [], ...given }) {
  const { document, variables, path } = JOBS[job];
  const query = JSON.stringify(document);
  return (n) => {
    const headers = { 'content-type': 'application/json', accept: 'application/json' };
    if (tokens.length > 0) headers.authorization = `Bearer ${tokens[n % tokens.length]}`;
    const values = variables(n, given);
    if (!rest)
      return {
        method: 'POST',
        path: '/graphql',
        headers,
        body: `{"query":${query},"variables":${JSON.stringify(values)}}`,
      };
    if (values.id !== undefined) return { method: 'GET', path: path + values.id, headers: {}, body: null };
    return { method: 'POST', path, headers, body: JSON.stringify(values.input) };
  };
}

/** The end of an outcome that says when to repeat the call. */
export const SAYS_HOW_LONG = ', with a time to wait';

/** What a response means: `success`, or the code of the error and whether it says how long to wait. */
export function outcomeOf({ job }, { status, text, retryAfter }) {
  if (status === 200 && text.includes(JOBS[job].expected)) return 'success';
  const code = /"code":"([A-Z_]+)"/.exec(text)?.[1] ?? `HTTP ${status}`;
  return code + (retryAfter !== undefined || /"retryAfterMs":\d/.test(text) ? SAYS_HOW_LONG : '');
}
