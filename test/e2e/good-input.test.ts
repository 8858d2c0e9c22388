import { describe, expect, it } from '@jest/globals';
import { withGateway } from '../support/fixture.js';
import { goodAmountLiterals, goodKeys, goodValues } from './good-inputs.js';
import { call, mutations, send, validatePayment, withValue } from './payment-calls.js';
import type { GatewayResponse } from './payment-calls.js';

const { sandbox, gateway, start } = withGateway();

const NO_ISSUES = { validatePayment: [] };

/** The value and the response if a valid value was rejected. Empty if it was accepted. */
function rejectionsOf(value: unknown, { data, text }: GatewayResponse): string[] {
  const accepted = JSON.stringify(data) === JSON.stringify(NO_ISSUES);
  return accepted ? [] : [`${JSON.stringify(value)}: ${text}`];
}

describe('validatePayment', () => {
  it.each(Object.keys(goodValues))('accepts every valid %s', async (field) => {
    const results = (goodValues[field] ?? []).map(async (value) =>
      rejectionsOf(
        value,
        await call(gateway.url, validatePayment, withValue(validatePayment.goodPayment(), field, value)),
      ),
    );
    expect((await Promise.all(results)).flat()).toEqual([]);
  });

  it.each(goodAmountLiterals)('accepts the amount literal %s', async (literal) => {
    const customer = '{userId: "user-1234", name: "Alex Tremblay", email: "alex@example.com"}';
    const query = `{ validatePayment(input: {customer: ${customer}, amount: {value: ${literal}}}) { path code } }`;
    expect(rejectionsOf(literal, await send(gateway.url, { body: JSON.stringify({ query }) }))).toEqual([]);
  });

  it('was tested with at least 60 valid values', () => {
    expect(Object.values(goodValues).flat().length).toBeGreaterThanOrEqual(60);
  });
});

describe.each(mutations)('$name', (mutation) => {
  it('creates a separate payment for every valid key', async () => {
    // A gateway with an empty store, because a key belongs to one intention for both mutations.
    const emptyGateway = await start();
    const { length: before } = await sandbox.sessions();
    const results = goodKeys.map(async (key) => {
      const payment = withValue(mutation.goodPayment(), 'idempotencyKey', key);
      const { text } = await call(emptyGateway.url, mutation, payment);
      return text.includes('Success') ? [] : [`${JSON.stringify(key)}: ${text}`];
    });
    expect((await Promise.all(results)).flat()).toEqual([]);
    expect(await sandbox.sessions()).toHaveLength(before + goodKeys.length);
    await emptyGateway.stop();
  });
});
