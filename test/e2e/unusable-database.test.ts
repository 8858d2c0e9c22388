import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { CreatePaymentSessionDocument } from '../../client/src/generated/operations.js';
import { DataKeys } from '../../src/store/encryption/data-keys.js';
import { MIGRATIONS } from '../../src/store/database/migrate.js';
import { TestStore, dataKey } from '../store/test-store.js';
import { createVariables } from '../support/examples.js';
import { TestGateway, runToEnd } from '../support/gateway.js';
import { TestSandbox } from '../support/sandbox.js';

const BYTES = randomBytes(32);

let folder: string;
let path: string;
let stored: Record<string, string>;

const variableOf = (bytes: Buffer): string => `2026:${bytes.toString('base64')}`;
const environment = () => ({
  DATABASE_URL: `sqlite:${path}`,
  DATA_ENCRYPTION_KEYS: variableOf(BYTES),
});

/** Every file of the database with a hash of its bytes, without empty and shared-memory files. */
function files(): Record<string, string> {
  const contents = readdirSync(folder).map((name) => [name, readFileSync(join(folder, name))] as const);
  return Object.fromEntries(
    contents
      .filter(([name, bytes]) => bytes.length > 0 && !name.endsWith('-shm'))
      .map(([name, bytes]) => [name, createHash('sha256').update(bytes).digest('hex')]),
  );
}

/** Creates a database with a payment, and changes it. */
async function createDatabase(change: (store: TestStore) => Promise<unknown> = () => Promise.resolve()): Promise<void> {
  const store = await TestStore.open(`sqlite:${path}`, new DataKeys([dataKey('2026', BYTES)]));
  await store.begin();
  await change(store);
  await store.close();
  stored = files();
}

const start = (change: Record<string, string>) =>
  runToEnd({ FLINKS_BASE_URL: 'http://127.0.0.1:1', ...environment(), ...change });

/** Expects that the program prints in one line why it does not start, and does not change the database. */
async function expectRefusal(change: Record<string, string>, problem: string): Promise<void> {
  const { code, output } = await start(change);
  expect({ code, output }).toEqual({ code: 1, output: `The gateway cannot start: ${problem}\n` });
  expect(files()).toEqual(stored);
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'unusable-database-test-'));
  path = join(folder, 'payments.db');
  stored = {};
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('the gateway does not start', () => {
  it('with a database of a newer release', async () => {
    const latest = Math.max(...MIGRATIONS.map(({ version }) => version));
    const newer = { version: latest + 1, name: 'newer', compatible_from: latest + 1, at: 1 };
    await createDatabase(({ database }) => database.kysely.insertInto('schema_migrations').values(newer).execute());
    await expectRefusal(
      {},
      `DATABASE_URL refers to a database of a newer release: it requires schema version ${latest + 1}, and this release has ${latest}`,
    );
  });

  it('with an invalid data key', async () => {
    await createDatabase();
    const secret = BYTES.toString('base64').slice(0, -4);
    const { code, output } = await start({ DATA_ENCRYPTION_KEYS: `2026:${secret}` });
    expect({ code, output }).toEqual({
      code: 1,
      output: expect.stringMatching(/^[^\n]+:\n {2}- DATA_ENCRYPTION_KEYS must be [^\n]+\n$/),
    });
    expect(output).not.toContain(secret);
    expect(files()).toEqual(stored);
  });

  it('with another data key of the same id', async () => {
    await createDatabase();
    await expectRefusal(
      { DATA_ENCRYPTION_KEYS: variableOf(randomBytes(32)) },
      'DATA_ENCRYPTION_KEYS has a different key 2026 than the one with which the database was encrypted',
    );
  });

  it('without a data key that the database uses', async () => {
    await createDatabase();
    await expectRefusal(
      { DATA_ENCRYPTION_KEYS: `2027:${randomBytes(32).toString('base64')}` },
      'DATA_ENCRYPTION_KEYS lacks the key 2026, which the database uses: append it to the list',
    );
  });

  it('with a path below a file', async () => {
    await createDatabase();
    const { code, output } = await start({ DATABASE_URL: `sqlite:${path}/payments.db` });
    expect({ code, output }).toEqual({
      code: 1,
      output: expect.stringMatching(/^The gateway cannot start: DATABASE_URL refers to [^\n]+\n$/),
    });
    expect(files()).toEqual(stored);
  });

  it('with a PostgreSQL server that does not listen', async () => {
    await expectRefusal(
      { DATABASE_URL: 'postgres://user:secret@127.0.0.1:1/payments' },
      'DATABASE_URL refers to a PostgreSQL server that cannot be used: connect ECONNREFUSED 127.0.0.1:1',
    );
  });

  it.each(['new', 'old'])('with a SQLite file that another gateway uses, when the file is %s', async (age) => {
    if (age === 'old') await createDatabase();
    const sandbox = await new TestSandbox().start();
    const first = await new TestGateway().start(sandbox.url, environment());
    try {
      await first.run(CreatePaymentSessionDocument, createVariables());
      stored = files();
      await expectRefusal(
        {},
        `DATABASE_URL refers to ${path}: another process has it open, and only one process can use a SQLite database`,
      );
      const { data } = await first.run(CreatePaymentSessionDocument, createVariables());
      expect(data?.createPaymentSession.__typename).toBe('CreatePaymentSessionSuccess');
    } finally {
      await first.stop();
      await sandbox.stop();
    }
  });
});
