import { afterEach, describe, expect, it, jest } from '@jest/globals';
import type { PaymentSession } from '../../src/domain/payment.js';
import * as mismatches from '../../src/domain/payment-mismatch.js';
import type { PaymentIdentity } from '../../src/domain/payment-mismatch.js';
import * as reportedIds from '../../src/domain/ids.js';
import { newsNeverCross } from './crossed-updates.js';

const NIL = '00000000-0000-0000-0000-000000000000';

/** The property over the program with a fault put into its modules. */
async function newsNeverCrossWithFault(): Promise<void> {
  const { newsNeverCross: run } = await import('./crossed-updates.js');
  return run({ endOnFailure: true });
}

/** What the property rejects with when it finds what it looks for, and not because something else broke. */
const FOUND = { cause: { name: 'NewsCrossed' } };

const FAULTY = ['ids', 'payment-mismatch'].map((name) => `../../src/domain/${name}.js`);

afterEach(() => {
  // Each fault by itself.
  for (const module of FAULTY) jest.unstable_unmockModule(module);
  jest.resetModules();
});

describe('a payment', () => {
  it('never takes a status or an id that its own payment at Flinks does not have', async () => {
    await expect(newsNeverCross()).resolves.toBeUndefined();
  });
});

describe('the property finds', () => {
  it('a match by the nil GUID', async () => {
    jest.unstable_mockModule('../../src/domain/ids.js', () => ({
      ...reportedIds,
      reportedFlinksId: (value: unknown) => (value === NIL ? NIL : reportedIds.reportedFlinksId(value)),
    }));
    await expect(newsNeverCrossWithFault()).rejects.toMatchObject(FOUND);
  });

  it('a match by the learnt id of another payment', async () => {
    jest.unstable_mockModule('../../src/domain/payment-mismatch.js', () => ({ ...mismatches, proves: () => true }));
    await expect(newsNeverCrossWithFault()).rejects.toMatchObject(FOUND);
  });

  it.each(['referenceId', 'amountMinor', 'email'] as const)(
    'a match by an id that the %s contradicts',
    async (field) => {
      jest.unstable_mockModule('../../src/domain/payment-mismatch.js', () => ({
        ...mismatches,
        findMismatch: (payment: PaymentSession, told: PaymentIdentity) =>
          mismatches.findMismatch(payment, { ...told, [field]: undefined }),
      }));
      await expect(newsNeverCrossWithFault()).rejects.toMatchObject(FOUND);
    },
  );
});
