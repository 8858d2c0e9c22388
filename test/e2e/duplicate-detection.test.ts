import { describe, expect, it } from '@jest/globals';
import { withGateway } from '../support/fixture.js';
import { EACH_OPERATION, CREATION, SEND, newInput, pay, paymentIn, withNewKey } from '../support/payments.js';
import type { Operation, PaymentInput } from '../support/payments.js';

const { sandbox, gateway, start } = withGateway({ environment: { DUPLICATE_DETECTION_WINDOW: '1h' } });

describe('duplicate detection', () => {
  it.each(EACH_OPERATION)(
    'returns the earlier payment to %s, unless allowDuplicate is set',
    async (_, operation: Operation) => {
      const input = newInput();
      const first = await pay(gateway, SEND, input);
      const repeat = withNewKey(input);
      expect(await pay(gateway, operation, repeat)).toEqual({
        __typename: 'DuplicatePaymentError',
        code: 'DUPLICATE_PAYMENT',
        retryAdvice: 'REVIEW_THEN_NEW_KEY',
        paymentSession: paymentIn(first),
      });
      expect(await sandbox.sessionsOf(input.customer)).toHaveLength(1);
      const allowed = await pay(gateway, operation, { ...repeat, allowDuplicate: true });
      expect(allowed).toMatchObject({ __typename: operation.success, replayed: false });
      // The payment now belongs to the key, whether or not a repeat sets allowDuplicate.
      expect(await pay(gateway, operation, repeat)).toEqual({ ...allowed, replayed: true });
      expect(await sandbox.sessionsOf(input.customer)).toHaveLength(2);
      expect((await gateway.get('/metrics')).body).toContain(
        `delivery_method="${operation === CREATION ? 'LINK' : 'EMAIL'}",result="duplicate"} 1`,
      );
    },
  );

  it('permits another payment after the earlier one failed', async () => {
    const input = newInput();
    await sandbox.addFault({ endpoint: 'sendrequest', kind: 'status', status: 400 });
    expect(await pay(gateway, SEND, input)).toMatchObject({ code: 'PROVIDER_REJECTED' });
    expect(await pay(gateway, SEND, withNewKey(input))).toMatchObject({ __typename: SEND.success });
  });

  it('ignores payments without a reference, and is off by default', async () => {
    const withoutReference: PaymentInput = { ...newInput(), referenceId: null };
    for (const input of [withoutReference, withNewKey(withoutReference)])
      expect(await pay(gateway, CREATION, input)).toMatchObject({ __typename: CREATION.success });
    const other = await start();
    const input = newInput();
    for (const each of [input, withNewKey(input)])
      expect(await pay(other, CREATION, each)).toMatchObject({ __typename: CREATION.success });
  });
});
