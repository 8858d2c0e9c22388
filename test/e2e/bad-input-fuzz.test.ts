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
import type { PaymentCall, Reply } from './payment-calls.js';
import { anyText, invalidCall } from './invalid-payments.js';

/** Requests under way at once. */
const LANES = 50;

const { sandbox, gateway } = withGateway();
let sent = 0;
/** Texts to search the log for, beside the mark. */
const traces = new Set<string>();

/** Checks a property `runs` times, in lanes with a seed each: one lane alone would wait for every answer. */
async function assertOften<T>(runs: number, property: IAsyncProperty<T>): Promise<void> {
  const lanes = Array.from({ length: LANES }, () => fc.assert(property, { numRuns: runs / LANES }));
  const failed = (await Promise.allSettled(lanes)).find((lane) => lane.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}

/** Takes note of an exchange; fails on what no answer may show. */
function expectSound(reply: Reply, rejected: unknown): void {
  sent += 1;
  for (const trace of tracesOf(rejected)) if (echoesIn(trace, []).length === 0) traces.add(trace);
  expect(flawsOf(reply, rejected)).toEqual([]);
}

const anyCall: Arbitrary<PaymentCall> = fc.constantFrom(...paymentCalls);

/** Any JSON, with the mark in its strings and in some of its keys. */
const anyJson = fc
  .tuple(fc.jsonValue({ stringUnit: 'binary', maxDepth: 4 }), fc.boolean())
  .map(([value, keys]) => marked(value, keys));

function marked(value: unknown, keys: boolean): unknown {
  if (typeof value === 'string') return MARK + value;
  if (Array.isArray(value)) return value.map((item) => marked(item, keys));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [keys ? MARK + key : key, marked(inner, keys)] as const),
  );
}

const JSON_PLACES = ['idempotencyKey', 'customer', 'amount', 'referenceId', 'clientUrls', 'clientUrls.0'].concat(
  ['customer.userId', 'customer.name', 'customer.email', 'amount.value', 'amount.currency'],
  [`customer.${MARK}`, `amount.${MARK}`, MARK],
);

describe('generated input', () => {
  it('is refused for each field that was spoilt', async () => {
    const property = fc.asyncProperty(invalidCall, async ([paymentCall, spoilt]) => {
      const payment = spoilt.reduce(
        (changed, { field, value }) => withValue(changed, field, value),
        paymentCall.goodPayment(),
      );
      const reply = await call(gateway.url, paymentCall, payment);
      expectSound(
        reply,
        spoilt.map(({ value }) => value),
      );
      const found = issuesIn(reply)?.map(({ path: where, code }) => `${where.join('.')} ${code}`) ?? [];
      expect(found).toEqual(expect.arrayContaining(spoilt.map(({ at, code }) => `${at} ${code}`)));
      const fields = spoilt.map(({ field }) => field);
      expect(found.filter((issue) => !fields.some((field) => issue.startsWith(field)))).toEqual([]);
    });
    await assertOften(8_000, property);
  }, 240_000);

  it('is refused where any JSON takes a place', async () => {
    const property = fc.asyncProperty(
      anyCall,
      fc.constantFrom(...JSON_PLACES),
      anyJson,
      async (paymentCall, place, json) => {
        // JSON may fit by chance, so that another field is spoilt as well.
        const spoilt = withValue(
          paymentCall.goodPayment(),
          place.startsWith('amount') ? 'customer.name' : 'amount.value',
          `${MARK}\0`,
        );
        const reply = await call(gateway.url, paymentCall, withValue(spoilt, place, json));
        expectSound(reply, json);
        const issues = issuesIn(reply) ?? reply.errors ?? [];
        expect(issues).not.toEqual([]);
      },
    );
    await assertOften(2_000, property);
  }, 120_000);

  it('is refused as JSON in place of everything', async () => {
    const property = fc.asyncProperty(anyCall, anyJson, fc.boolean(), async ({ query, variables }, json, inside) => {
      const body = bodyOf({ query, variables: inside ? variables(json) : json });
      const reply = await send(gateway.url, { body });
      expectSound(reply, json);
      expect(reply.errors ?? []).not.toEqual([]);
    });
    await assertOften(1_000, property);
  }, 120_000);

  it('is refused as text that spoils a document', async () => {
    const place = fc.nat({ max: validatePayment.query.length });
    const property = fc.asyncProperty(place, fc.nat({ max: 30 }), anyText(20), async (start, cut, text) => {
      const { query } = validatePayment;
      const spoilt = `${query.slice(0, start)}"${MARK}${text}${query.slice(start + cut)}`;
      const reply = await send(gateway.url, { body: JSON.stringify({ query: spoilt, variables: {} }) });
      expectSound(reply, text);
      expect(reply.errors ?? []).not.toEqual([]);
    });
    await assertOften(1_000, property);
  }, 120_000);
});

describe('after all of this', () => {
  it('has generated at least 10,000 inputs', () => {
    expect(sent).toBeGreaterThanOrEqual(10_000);
  });

  it('has sent nothing to the provider', async () => {
    const { counts, entries } = await sandbox.journal();
    expect(counts.calls).toEqual({});
    expect(entries).toEqual([]);
  });

  it('has logged the requests and no value', async () => {
    await gateway.stop();
    expect(gateway.output.split('"msg":"request"').length).toBeGreaterThan(10_000);
    expect(echoesIn(gateway.output, [...traces])).toEqual([]);
    expect(gateway.output).not.toMatch(/"level":"(?:warn|error|fatal)"/);
  }, 120_000);
});
