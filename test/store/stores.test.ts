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
])('a store on %s:', (_, createUrl) => {
  let opened: TestStore;
  const store = (): TestStore => opened;

  beforeAll(async () => {
    opened = await TestStore.open(await createUrl());
  });
  beforeEach(() => opened.empty());
  afterAll(() => opened.close());

  describe('an idempotency key', () => claims(store));
  describe('a send marker', () => marks(store));
  describe('an attempt', () => results(store));
  describe('the expiry of an attempt', () => expiredAttempts(store));
  describe('the inbox', () => inbox(store));
  describe('the store of callback subscriptions', () => callbacks(store));
  describe('a status update', () => statusUpdates(store));
  describe('the identity of a payment', () => identity(store));
  describe('a stored payment', () => payments(store));
  describe('a claim', () => limits(store));
  describe('a list of payments', () => lists(store));
  describe('the history of a payment', () => changes(store));
  describe('data retention', () => retention(store));
  describe('the API key store', () => apiKeys(store));
  describe('concurrent calls', () => races(store));
});
