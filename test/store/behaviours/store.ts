import { afterAll, beforeAll, beforeEach, describe } from '@jest/globals';
import { apiKeys } from './api-keys.js';
import { expiredAttempts } from './expired-attempts.js';
import { callbacks } from './callbacks.js';
import { changes } from './changes.js';
import { claims } from './claims.js';
import { identity } from './identity.js';
import { inbox } from './inbox.js';
import { limits } from './limits.js';
import { lists } from './lists.js';
import { marks } from './marks.js';
import { statusUpdates } from './status-updates.js';
import { payments } from './payments.js';
import { races } from './races.js';
import { results } from './results.js';
import { retention } from './retention.js';
import { TestStore } from '../test-store.js';

/** Describes what every store does, for a store of one kind. */
export function describeStore(kind: string, createUrl: () => string): void {
  describe(`a store on ${kind}:`, () => {
    let opened: TestStore;
    const store = (): TestStore => opened;

    beforeAll(async () => {
      opened = await TestStore.open(createUrl());
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
}
