import { afterEach, describe, expect, it, jest } from '@jest/globals';
import type { PaymentSession } from '../../src/domain/payment.js';
import * as mismatches from '../../src/domain/payment-mismatch.js';
import type { PaymentIdentity } from '../../src/domain/payment-mismatch.js';
import * as reportedIds from '../../src/domain/ids.js';
import { updatesNeverCross } from './crossed-updates.js';

// Hundreds of runs take long on a busy machine.
jest.setTimeout(240_000);

const NIL = '00000000-0000-0000-0000-000000000000';

/** Runs the property over the program with a faulty module. */
async function updatesNeverCrossWithFault(): Promise<void> {
  const { updatesNeverCross: run } = await import('./crossed-updates.js');
  return run({ endOnFailure: true });
}

/** The rejection of the property when it finds crossed updates, and not because something else broke. */
const FOUND = { cause: { name: 'UpdatesCrossed' } };

const FAULTY_MODULES = ['ids', 'payment-mismatch'].map((name) => `../../src/domain/${name}.js`);

afterEach(() => {
  // Each test has one fault only.
  for (const module of FAULTY_MODULES) jest.unstable_unmockModule(module);
  jest.resetModules();
});

describe('a payment', () => {
  it('never gets a status or an id that its own payment at Flinks does not have', async () => {
    await expect(updatesNeverCross()).resolves.toBeUndefined();
  });
});

describe('the property of crossed updates detects', () => {
  it('a faulty match by the nil GUID', async () => {
    jest.unstable_mockModule('../../src/domain/ids.js', () => ({
      ...reportedIds,
      reportedFlinksId: (value: unknown) => (value === NIL ? NIL : reportedIds.reportedFlinksId(value)),
    }));
    await expect(updatesNeverCrossWithFault()).rejects.toMatchObject(FOUND);
  });

  it('a faulty match by a recorded id of another payment', async () => {
    jest.unstable_mockModule('../../src/domain/payment-mismatch.js', () => ({ ...mismatches, proves: () => true }));
    await expect(updatesNeverCrossWithFault()).rejects.toMatchObject(FOUND);
  });

  it.each(['referenceId', 'amountMinor', 'email'] as const)(
    'a faulty match by an id that the %s contradicts',
    async (field) => {
      jest.unstable_mockModule('../../src/domain/payment-mismatch.js', () => ({
        ...mismatches,
        findMismatch: (payment: PaymentSession, reported: PaymentIdentity) =>
          mismatches.findMismatch(payment, { ...reported, [field]: undefined }),
      }));
      await expect(updatesNeverCrossWithFault()).rejects.toMatchObject(FOUND);
    },
  );
});
