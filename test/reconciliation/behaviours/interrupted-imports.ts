import { expect, it } from '@jest/globals';
import { sql } from 'kysely';
import type { ImportStore } from '../../../src/store/contracts/reconciliation-store.js';
import type { TestStore } from '../../store/test-store.js';
import { DAY, fileOf, importFile, problemsOf, rowOf, settled } from '../daily-files.js';

const STEPS = ['stage', 'findSameFile', 'resolveConflicts', 'findUpdates', 'recordResult', 'complete'] as const;

/** An import store that stops at a step as if the process had been killed. */
function interruptedAt(store: TestStore, step: (typeof STEPS)[number]): ImportStore {
  const { imports } = store;
  const fail = () => Promise.reject(new Error('killed'));
  return new Proxy<ImportStore>(imports, {
    get: (_, name) => {
      if (name === step) return fail;
      const method = Reflect.get(imports, name) as (...args: unknown[]) => unknown;
      return method.bind(imports);
    },
  });
}

export function interruptedImports(store: () => TestStore): void {
  it.each(STEPS)('that stops at %s leaves the previous file in effect, and the next import cleans up', async (step) => {
    const [one, two] = [settled('one'), settled('two', { status: 'ACCEPTED' })];
    await store().add(one, two);
    await importFile(store(), fileOf([rowOf(one)]));
    const before = await store().reconciliation.findDay(DAY);
    const file = fileOf([rowOf(one), rowOf(two, { status: 'Settled' }), rowOf(one, { amount: '1.00' })]);
    await expect(importFile(store(), file, { imports: interruptedAt(store(), step) })).rejects.toThrow('killed');
    expect(await store().reconciliation.findDay(DAY)).toEqual(before);
    expect(await problemsOf(store())).toEqual([]);

    // The lease of a crashed process expires.
    await sql`update reconciliation_imports set lease_until = 0`.execute(store().database.kysely);
    await importFile(store(), file);
    expect(await store().reconciliation.findDay(DAY)).toMatchObject({
      rowCount: 3,
      matchedCount: 1,
      lateUpdateCount: 1,
      exceptionCount: 1,
    });
    expect(await store().rows('reconciliation_imports')).toHaveLength(1);
    expect(await store().rows('reconciliation_rows')).toHaveLength(3);
  });

  it('cannot write any more after its lease expired', async () => {
    const day = { day: DAY, from: new Date(0), until: new Date(1) };
    const paused = await store().imports.begin(day);
    await sql`update reconciliation_imports set lease_until = 0`.execute(store().database.kysely);
    await importFile(store(), fileOf([rowOf(settled('one'))]));
    await expect(store().imports.complete(paused, false)).rejects.toThrow('the database is unavailable');
    expect(await store().reconciliation.findDay(DAY)).toMatchObject({ rowCount: 1 });
  });
}
