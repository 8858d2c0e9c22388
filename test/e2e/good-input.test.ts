import { describe, expect, it } from '@jest/globals';
import { withGateway } from '../support/fixture.js';
import { goodAmountLiterals, goodKeys, goodValues } from './good-inputs.js';
import { call, mutations, send, validatePayment, withValue } from './payment-calls.js';
import type { Reply } from './payment-calls.js';

const { sandbox, gateway, start } = withGateway();

const ALL_IS_WELL = { validatePayment: [] };

/** What was found wrong with a value that is all right; empty when nothing was. */
function refusals(value: unknown, { data, text }: Reply): string[] {
  const accepted = JSON.stringify(data) === JSON.stringify(ALL_IS_WELL);
  return accepted ? [] : [`${JSON.stringify(value)}: ${text}`];
}

describe('validatePayment', () => {
  it.each(Object.keys(goodValues))('has nothing to say against any good %s', async (field) => {
    const found = (goodValues[field] ?? []).map(async (value) =>
      refusals(value, await call(gateway.url, validatePayment, withValue(validatePayment.goodPayment(), field, value))),
    );
    expect((await Promise.all(found)).flat()).toEqual([]);
  });

  it.each(goodAmountLiterals)('accepts the literal %s as an amount', async (literal) => {
    const customer = '{userId: "user-1234", name: "Alex Tremblay", email: "alex@example.com"}';
    const query = `{ validatePayment(input: {customer: ${customer}, amount: {value: ${literal}}}) { path code } }`;
    expect(refusals(literal, await send(gateway.url, { body: JSON.stringify({ query }) }))).toEqual([]);
  });

  it('is asked for at least 60 good values', () => {
    expect(Object.values(goodValues).flat().length).toBeGreaterThanOrEqual(60);
  });
});

describe.each(mutations)('$name', (mutation) => {
  it('makes another payment of every good key', async () => {
    // One that knows none of the keys: each is one intention, whichever mutation it comes with.
    const empty = await start();
    const { length: before } = await sandbox.sessions();
    const made = goodKeys.map(async (key) => {
      const payment = withValue(mutation.goodPayment(), 'idempotencyKey', key);
      const { text } = await call(empty.url, mutation, payment);
      return text.includes('Success') ? [] : [`${JSON.stringify(key)}: ${text}`];
    });
    expect((await Promise.all(made)).flat()).toEqual([]);
    expect(await sandbox.sessions()).toHaveLength(before + goodKeys.length);
    await empty.stop();
  });
});
