import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe } from '@jest/globals';
import { TestPostgres } from '../support/postgres.js';
import { burials } from './behaviours/burials.js';
import { claims } from './behaviours/claims.js';
import { marks } from './behaviours/marks.js';
import { payments } from './behaviours/payments.js';
import { races } from './behaviours/races.js';
import { results } from './behaviours/results.js';
import { retention } from './behaviours/retention.js';
import { TestStore } from './test-store.js';

const folder = mkdtempSync(join(tmpdir(), 'store-test-'));
let postgres: TestPostgres;

beforeAll(async () => {
  postgres = await TestPostgres.start();
});
afterAll(async () => {
  await postgres.stop();
  rmSync(folder, { recursive: true });
});

describe.each([
  ['SQLite in memory', () => 'sqlite::memory:'],
  ['SQLite in a file', () => `sqlite:${join(folder, 'payments.db')}`],
  ['PostgreSQL', async () => postgres.databaseUrl(await postgres.createDatabase())],
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
  describe('burials', () => burials(store));
  describe('payments', () => payments(store));
  describe('retention', () => retention(store));
  describe('races', () => races(store));
});
