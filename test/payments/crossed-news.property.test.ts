import { afterEach, describe, expect, it, jest } from '@jest/globals';
import * as ids from '../../src/domain/ids.js';
import * as mismatches from '../../src/domain/payment-mismatch.js';

/** The property over the program as it is, or with faults put into its modules. */
async function newsNeverCross(): Promise<void> {
  const { newsNeverCross: run } = await import('./crossed-news.js');
  return run();
}

/** What the property rejects with when it finds what it looks for, and not because something else broke. */
const FOUND = { cause: { name: 'NewsCrossed' } };

const FAULTY = ['ids', 'told-id', 'payment-mismatch'].map((name) => `../../src/domain/${name}.js`);

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
    jest.unstable_mockModule('../../src/domain/ids.js', () => ({ ...ids, isNoId: () => false }));
    jest.unstable_mockModule('../../src/domain/told-id.js', () => {
      const asText = (value: unknown) => (typeof value === 'string' ? value : undefined);
      return { toldId: asText, toldFlinksId: asText };
    });
    await expect(newsNeverCross()).rejects.toMatchObject(FOUND);
  });

  it('a match by the learnt id of another payment', async () => {
    jest.unstable_mockModule('../../src/domain/payment-mismatch.js', () => ({ ...mismatches, proves: () => true }));
    await expect(newsNeverCross()).rejects.toMatchObject(FOUND);
  });

  it('a match by a contradicted reference', async () => {
    jest.unstable_mockModule('../../src/domain/payment-mismatch.js', () => ({
      ...mismatches,
      mismatchOf: () => undefined,
    }));
    await expect(newsNeverCross()).rejects.toMatchObject(FOUND);
  });
});
