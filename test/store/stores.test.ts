import { afterAll, beforeAll, beforeEach, describe } from '@jest/globals';
import { apiKeys } from './behaviours/api-keys.js';
import { expiredAttempts } from './behaviours/expired-attempts.js';
import { callbacks } from './behaviours/callbacks.js';
import { changes } from './behaviours/changes.js';
import { claims } from './behaviours/claims.js';
import { identity } from './behaviours/identity.js';
import { inbox } from './behaviours/inbox.js';
import { limits } from './behaviours/limits.js';
import { lists } from './behaviours/lists.js';
import { marks } from './behaviours/marks.js';
import { statusUpdates } from './behaviours/status-updates.js';
import { payments } from './behaviours/payments.js';
import { races } from './behaviours/races.js';
import { results } from './behaviours/results.js';
import { retention } from './behaviours/retention.js';
import { EmptyStores } from './empty-stores.js';
import { TestStore } from './test-store.js';

const empty = new EmptyStores();

describe.each([
  ['SQLite in memory', () => 'sqlite::memory:'],
  ['SQLite in a file', empty.sqlite],
  ['PostgreSQL', empty.onPostgres],
])('a store on %s', (_, createUrl) => {
  let opened: TestStore;
  const store = (): TestStore => opened;

  beforeAll(async () => {
    opened = await TestStore.open(await createUrl());
  });
  beforeEach(() => opened.empty());
  afterAll(() => opened.close());

  describe('claims', () => claims(store));
  describe('marks', () => marks(store));
  describe('results', () => results(store));
  describe('burials', () => expiredAttempts(store));
  describe('inbox', () => inbox(store));
  describe('callbacks', () => callbacks(store));
  describe('status updates', () => statusUpdates(store));
  describe('identity', () => identity(store));
  describe('payments', () => payments(store));
  describe('limits', () => limits(store));
  describe('lists', () => lists(store));
  describe('changes', () => changes(store));
  describe('retention', () => retention(store));
  describe('API keys', () => apiKeys(store));
  describe('races', () => races(store));
});
