import { expect, it } from '@jest/globals';
import type { TestStore } from '../../store/test-store.js';
import { exceptionsOf, fileOf, importFile, rowOf, settled } from '../daily-files.js';

const later = (): Date => new Date(Date.now() + 60_000);
const earlier = (): Date => new Date(Date.now() - 60_000);

async function payers(store: TestStore): Promise<Record<string, boolean>> {
  const rows = await store.rows('reconciliation_rows');
  return Object.fromEntries(
    rows.map(({ reference_id, payer }): [string, boolean] => [reference_id ?? '', payer !== null]),
  );
}

export function erasure(store: () => TestStore): void {
  it('in a row is erased together with that of its payment', async () => {
    const own = settled('mine', { customer: { ...settled('x').customer, userId: 'me' } });
    const other = settled('other');
    await store().add(own, other);
    const rows = [rowOf(own), rowOf(own, { amount: '1.00' }), rowOf(other), rowOf(settled('stray'))];
    await importFile(store(), fileOf(rows));
    await store().retention.erasePersonalData(later(), 'me');
    expect(await payers(store())).toEqual({ mine: false, other: true, stray: true });
    expect(await exceptionsOf(store())).toHaveLength(2);
  });

  it('is not stored again by another file after it was erased', async () => {
    const payment = settled('one');
    await store().add(payment);
    await store().retention.erasePersonalData(later());
    await importFile(store(), fileOf([rowOf(payment)]));
    expect(await payers(store())).toEqual({ one: false });
  });

  it('in a row without a payment is erased after some time', async () => {
    await importFile(store(), fileOf([rowOf(settled('stray'))]));
    expect(await store().retention.erasePayers(earlier())).toBe(0);
    expect(await payers(store())).toEqual({ stray: true });
    expect(await store().retention.erasePayers(later())).toBe(1);
    expect(await payers(store())).toEqual({ stray: false });
    expect(await store().retention.erasePayers(later())).toBe(0);
    const [exception] = await exceptionsOf(store());
    expect(exception).toMatchObject({ row: { referenceId: 'stray', payer: { name: undefined, email: undefined } } });
  });
}
