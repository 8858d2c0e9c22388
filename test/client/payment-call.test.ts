import { describe, expect, it } from '@jest/globals';
import { parse } from 'graphql';
import { PaymentIntentions } from '../../client/src/intentions.js';
import { paymentCallIn, withKey } from '../../client/src/payment-call.js';

const callIn = (source: string) => paymentCallIn(parse(source));
const intentions = new PaymentIntentions();
const create = { responseKey: 'createPaymentSession', inputName: 'input' };

describe('paymentCallIn', () => {
  it.each([
    ['mutation ($input: I!) { createPaymentSession(input: $input) { __typename } }', 'createPaymentSession', 'input'],
    ['mutation ($a: I!) { __typename paid: sendPaymentRequest(input: $a) { __typename } }', 'paid', 'a'],
    ['mutation ($input: I!) { cancelPaymentSession(input: $input) { __typename } }', 'cancelPaymentSession', undefined],
    [
      'mutation ($k: ID!) { createPaymentSession(input: { idempotencyKey: $k }) { __typename } }',
      'createPaymentSession',
      undefined,
    ],
  ])('recognizes a mutation of payments by its field: %s', (source, responseKey, inputName) => {
    expect(callIn(source)).toEqual({ responseKey, inputName });
  });

  it.each([
    'query { paymentSession(id: "1") { id } }',
    'mutation { placeOrder { id } }',
    'mutation ($input: I!) { createPaymentSession(input: $input) { __typename } placeOrder { id } }',
    'mutation ($input: I!) { ...Both } fragment Both on Mutation { createPaymentSession(input: $input) { __typename } }',
  ])('ignores an operation that does something else, or could: %s', (source) => {
    expect(callIn(source)).toBeUndefined();
  });
});

describe('withKey', () => {
  it('adds the key of the intention, and keeps all other variables', () => {
    const variables = { input: { referenceId: 'LOAN-1' }, other: 1 };
    expect(withKey(create, variables, 'order-1', intentions)).toEqual({
      input: { referenceId: 'LOAN-1', idempotencyKey: intentions.keyOf('order-1') },
      other: 1,
    });
    expect(variables.input).toEqual({ referenceId: 'LOAN-1' });
  });

  it('keeps a key that the variables already have', () => {
    const variables = { input: { idempotencyKey: 'mine' } };
    expect(withKey(create, variables, 'order-1', intentions)).toBe(variables);
  });

  it.each([undefined, '', 42, null])('throws if there is no key and the name of the intention is %p', (name) => {
    expect(() => withKey(create, { input: {} }, name, intentions)).toThrow(
      'The payment has no idempotency key. Name the intention',
    );
  });
});
