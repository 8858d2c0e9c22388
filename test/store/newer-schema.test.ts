import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { DataKeys } from '../../src/store/encryption/data-keys.js';
import { EmptyStores } from './empty-stores.js';
import { TestStore, dataKey, newClaim } from './test-store.js';

const TABLES = [
  ...['payment_sessions', 'payment_session_events', 'payment_references', 'idempotency_keys'],
  'abandoned_attempts',
] as const;

const empty = new EmptyStores();
let store: TestStore;

beforeAll(async () => {
  store = await TestStore.open(await empty.onPostgres(), new DataKeys([dataKey('test')]));
});
afterAll(() => store.close());

/** Uses every statement that the server keeps for the connection. */
async function useStatements(): Promise<void> {
  const claim = newClaim({ deliveryMethod: 'EMAIL' });
  const claimed = await store.attempts.claim(claim);
  if (!('attempt' in claimed)) throw new Error('the key is taken');
  expect(await store.attempts.mark(claimed.attempt)).toBe(true);
  expect(await store.attempts.claim(claim)).toMatchObject({ record: { state: 'MARKED' } });
  expect(await store.attempts.finish(claimed.attempt, { kind: 'unknown', sessionId: undefined }, [])).toBeDefined();
}

it('a replica that has run works on while a newer one adds columns to its tables', async () => {
  await useStatements();
  for (const table of TABLES) await store.database.kysely.schema.alterTable(table).addColumn('added', 'text').execute();
  await useStatements();
});
