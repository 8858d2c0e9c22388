import { afterAll, beforeAll, beforeEach, describe } from '@jest/globals';
import { TestStore } from '../../store/test-store.js';
import { corrections } from './corrections.js';
import { interruptedImports } from './interrupted-imports.js';
import { erasure } from './erasure.js';
import { matches } from './matches.js';
import { orders } from './orders.js';
import { owners } from './owners.js';
import { balances } from './balances.js';
import { unknowns } from './unknowns.js';

/** Describes what importing daily files does, with a store of one kind. */
export function describeDailyFiles(kind: string, createUrl: () => string): void {
  describe(`daily files on ${kind}:`, () => {
    let opened: TestStore;
    const store = (): TestStore => opened;

    beforeAll(async () => {
      opened = await TestStore.open(createUrl());
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
}
