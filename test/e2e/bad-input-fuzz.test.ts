import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Arbitrary, IAsyncProperty } from 'fast-check';
import { withGateway } from '../support/fixture.js';
import {
  MARK,
  bodyOf,
  call,
  echoesIn,
  flawsOf,
  issuesIn,
  paymentCalls,
  send,
  tracesOf,
  validatePayment,
  withValue,
} from './payment-calls.js';
import type { GatewayResponse, PaymentCall } from './payment-calls.js';
import { anyText, invalidCall } from './invalid-payments.js';

/** Requests in progress at once. */
const LANES = 50;

const { sandbox, gateway } = withGateway();
let sentRequests = 0;
/** Texts, besides the mark, to search the log for. */
const traces = new Set<string>();

/** Checks a property `runs` times in concurrent lanes, each with its own seed: a single lane would wait for every response. */
async function assertInLanes<T>(runs: number, property: IAsyncProperty<T>): Promise<void> {
  const lanes = Array.from({ length: LANES }, () => fc.assert(property, { numRuns: runs / LANES }));
  const failed = (await Promise.allSettled(lanes)).find((lane) => lane.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}

/** Records an exchange, and fails if the response shows something that no response may show. */
function expectSound(response: GatewayResponse, rejected: unknown): void {
  sentRequests += 1;
  for (const trace of tracesOf(rejected)) if (echoesIn(trace, []).length === 0) traces.add(trace);
  expect(flawsOf(response, rejected)).toEqual([]);
}

const anyCall: Arbitrary<PaymentCall> = fc.constantFrom(...paymentCalls);

/** Any JSON, with the mark in its strings and in some of its keys. */
const anyJson = fc
  .tuple(fc.jsonValue({ stringUnit: 'binary', maxDepth: 4 }), fc.boolean())
  .map(([value, keys]) => withMarks(value, keys));

function withMarks(value: unknown, keys: boolean): unknown {
  if (typeof value === 'string') return MARK + value;
  if (Array.isArray(value)) return value.map((item) => withMarks(item, keys));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [keys ? MARK + key : key, withMarks(inner, keys)] as const),
  );
}

const JSON_PATHS = ['idempotencyKey', 'customer', 'amount', 'referenceId', 'clientUrls', 'clientUrls.0'].concat(
  ['customer.userId', 'customer.name', 'customer.email', 'amount.value', 'amount.currency'],
  [`customer.${MARK}`, `amount.${MARK}`, MARK],
);

describe('a generated request', () => {
  it('is rejected with an issue for each invalid field', async () => {
    const property = fc.asyncProperty(invalidCall, async ([paymentCall, corruptions]) => {
      const payment = corruptions.reduce(
        (changed, { field, value }) => withValue(changed, field, value),
        paymentCall.goodPayment(),
      );
      const response = await call(gateway.url, paymentCall, payment);
      expectSound(
        response,
        corruptions.map(({ value }) => value),
      );
      const found = issuesIn(response)?.map(({ path, code }) => `${path.join('.')} ${code}`) ?? [];
      expect(found).toEqual(expect.arrayContaining(corruptions.map(({ at, code }) => `${at} ${code}`)));
      const fields = corruptions.map(({ field }) => field);
      expect(found.filter((issue) => !fields.some((field) => issue.startsWith(field)))).toEqual([]);
    });
    await assertInLanes(8_000, property);
  }, 240_000);

  it('is rejected if any JSON replaces a field', async () => {
    const property = fc.asyncProperty(
      anyCall,
      fc.constantFrom(...JSON_PATHS),
      anyJson,
      async (paymentCall, path, json) => {
        // The JSON may be valid by chance, so another field is made invalid as well.
        const invalid = withValue(
          paymentCall.goodPayment(),
          path.startsWith('amount') ? 'customer.name' : 'amount.value',
          `${MARK}\0`,
        );
        const response = await call(gateway.url, paymentCall, withValue(invalid, path, json));
        expectSound(response, json);
        const issues = issuesIn(response) ?? response.errors ?? [];
        expect(issues).not.toEqual([]);
      },
    );
    await assertInLanes(2_000, property);
  }, 120_000);

  it('is rejected if any JSON replaces all of its variables or input', async () => {
    const property = fc.asyncProperty(anyCall, anyJson, fc.boolean(), async ({ query, variables }, json, inside) => {
      const body = bodyOf({ query, variables: inside ? variables(json) : json });
      const response = await send(gateway.url, { body });
      expectSound(response, json);
      expect(response.errors ?? []).not.toEqual([]);
    });
    await assertInLanes(1_000, property);
  }, 120_000);

  it('is rejected if any text breaks its document', async () => {
    const position = fc.nat({ max: validatePayment.query.length });
    const property = fc.asyncProperty(position, fc.nat({ max: 30 }), anyText(20), async (start, cut, text) => {
      const { query } = validatePayment;
      const brokenQuery = `${query.slice(0, start)}"${MARK}${text}${query.slice(start + cut)}`;
      const response = await send(gateway.url, { body: JSON.stringify({ query: brokenQuery, variables: {} }) });
      expectSound(response, text);
      expect(response.errors ?? []).not.toEqual([]);
    });
    await assertInLanes(1_000, property);
  }, 120_000);
});

describe('a gateway that has received only generated bad input', () => {
  it('was tested with at least 10,000 inputs', () => {
    expect(sentRequests).toBeGreaterThanOrEqual(10_000);
  });

  it('has sent nothing to Flinks', async () => {
    const { counts, entries } = await sandbox.journal();
    expect(counts.calls).toEqual({});
    expect(entries).toEqual([]);
  });

  it('has logged the requests and no rejected value', async () => {
    await gateway.stop();
    expect(gateway.output.split('"msg":"request"').length).toBeGreaterThan(10_000);
    expect(echoesIn(gateway.output, [...traces])).toEqual([]);
    expect(gateway.output).not.toMatch(/"level":"(?:warn|error|fatal)"/);
  }, 120_000);
});
