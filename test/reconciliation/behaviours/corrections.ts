import { expect, it } from '@jest/globals';
import { InvalidFileError } from '../../../src/reconciliation/file/daily-file.js';
import type { TestStore } from '../../store/test-store.js';
import { DAY, fileOf, importFile, problemsOf, rowOf, settled } from '../daily-files.js';

const difference = async (store: TestStore) => (await store.reconciliation.findDay(DAY))?.changesSincePreviousImport;

export function corrections(store: () => TestStore): void {
  it('replaces the first one, and the report says how many rows were added and removed', async () => {
    const [one, two] = [settled('one'), settled('two')];
    await store().add(one, two);
    await importFile(store(), fileOf([rowOf(one), rowOf(two, { amount: '1.00' }), rowOf(one)]));
    expect(await difference(store())).toBeUndefined();
    const corrected = [rowOf(one), rowOf(two)];
    await importFile(store(), fileOf(corrected));
    expect(await difference(store())).toEqual({ rowsAdded: 1, rowsRemoved: 2 });
    expect(await problemsOf(store())).toEqual([]);
    expect(await store().rows('reconciliation_imports')).toHaveLength(1);
    expect(await store().rows('reconciliation_rows')).toHaveLength(2);
    await importFile(store(), fileOf(corrected.toReversed()));
    expect(await difference(store())).toEqual({ rowsAdded: 1, rowsRemoved: 2 });
  });

  it('changes nothing when it has the same rows in another notation', async () => {
    const payment = settled('one');
    await store().add(payment);
    await importFile(store(), fileOf([rowOf(payment)]));
    const { requestId, referenceId, email, name, created } = rowOf(payment);
    const cells = ['SETTLED', '"250,10"', referenceId, requestId, created, name, email, 'more'];
    await importFile(
      store(),
      `\ufeffStatus;Amount;Reference;Request ID;Created;Name;E-mail;Bank\r\n${cells.join(';')}\r\n`,
    );
    expect(await difference(store())).toBeUndefined();
    expect((await store().reconciliation.findDay(DAY))?.matchedCount).toBe(1);
  });

  it('is rejected as a whole and changes nothing when it cannot be read', async () => {
    const payment = settled('one', { status: 'ACCEPTED' });
    await store().add(payment);
    await importFile(store(), fileOf([rowOf(payment)]));
    const before = [await store().rows('reconciliation_imports'), await store().rows('reconciliation_rows')];
    const changed = fileOf([rowOf(payment, { status: 'Settled' })]);
    for (const file of ['', 'a,b\n1,2', `${changed}\n"never closed`, `${changed}\0`])
      await expect(importFile(store(), file)).rejects.toThrow(InvalidFileError);
    const after = [await store().rows('reconciliation_imports'), await store().rows('reconciliation_rows')];
    expect(after).toEqual(before);
    expect((await store().statuses.find([payment.id]))[0]?.status).toBe('ACCEPTED');
  });

  it('is rejected when it has exactly the rows of another day', async () => {
    const rows = [rowOf(settled('one')), rowOf(settled('two'))];
    await importFile(store(), fileOf(rows));
    const again = importFile(store(), fileOf(rows.toReversed()), { day: '2026-06-05' });
    await expect(again).rejects.toThrow('it has exactly the rows of the file of 2026-06-04');
    expect(await store().reconciliation.findDay('2026-06-05')).toBeUndefined();
    await importFile(store(), fileOf([]), { day: '2026-06-05' });
    await importFile(store(), fileOf([]), { day: '2026-06-06' });
  });

  it('may have more rows than one SQL statement can process', async () => {
    const rows = Array.from({ length: 10_500 }, (_, index) => ({
      referenceId: `stray-${index}`,
      amount: '1.00',
      status: 'Settled',
    }));
    const one = settled('one');
    await store().add(one);
    await importFile(store(), fileOf([...rows, ...Array.from({ length: 10_500 }, () => rowOf(one))]));
    expect(await store().reconciliation.findDay(DAY)).toMatchObject({
      rowCount: 21_000,
      matchedCount: 1,
      exceptionCount: 20_999,
      settledInFile: { count: 21_000, amountMinor: 10_500 * (100 + 25_010) },
      settledInGateway: { count: 1 },
    });
    await importFile(store(), fileOf([...rows.slice(1), rowOf(one)]));
    expect(await difference(store())).toEqual({ rowsAdded: 0, rowsRemoved: 10_500 });
  });
}
