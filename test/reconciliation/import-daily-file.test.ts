import { afterAll, beforeAll, beforeEach, describe } from '@jest/globals';
import { EmptyStores } from '../store/empty-stores.js';
import { TestStore } from '../store/test-store.js';
import { corrections } from './behaviours/corrections.js';
import { interruptedImports } from './behaviours/interrupted-imports.js';
import { erasure } from './behaviours/erasure.js';
import { matches } from './behaviours/matches.js';
import { orders } from './behaviours/orders.js';
import { owners } from './behaviours/owners.js';
import { balances } from './behaviours/balances.js';
import { unknowns } from './behaviours/unknowns.js';

const empty = new EmptyStores();

describe.each([
  ['SQLite', () => 'sqlite::memory:'],
  ['PostgreSQL', empty.onPostgres],
])('daily files on %s:', (_, createUrl) => {
  let opened: TestStore;
  const store = (): TestStore => opened;

  beforeAll(async () => {
    opened = await TestStore.open(await createUrl());
  });
  beforeEach(() => opened.empty());
  afterAll(() => opened.close());

  describe('rows', () => matches(store));
  describe('the order of rows', () => orders(store));
  describe('the balance of a day', () => balances(store));
  describe('another file for the same day', () => corrections(store));
  describe('an interrupted import', () => interruptedImports(store));
  describe('personal data', () => erasure(store));
  describe('payments whose outcome is unknown', () => unknowns(store));
  describe('a client', () => owners(store));
});
