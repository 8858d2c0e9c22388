import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import { DataKeys } from '../../src/store/encryption/data-keys.js';
import { openDatabase } from '../../src/store/open-store.js';
import { UNPRIVILEGED, isRoot } from '../support/postgres-programs.js';
import { TestStore, dataKey, openingResult } from './test-store.js';

const key = dataKey('test');
const top = mkdtempSync(join(tmpdir(), 'open-sqlite-test-'));
// Other users may enter the folder.
chmodSync(top, 0o755);
afterAll(() => rmSync(top, { recursive: true }));

let folders = 0;
function newFolder(): string {
  const folder = join(top, String((folders += 1)));
  mkdirSync(folder, { mode: 0o755 });
  return folder;
}

/** The result of opening a store with the one key. */
const resultOf = (path: string): Promise<string> => openingResult(`sqlite:${path}`, key);

const modeOf = (path: string): number => statSync(path).mode & 0o777;

/** Opens and closes a store. Returns the files that other users could read until then. */
async function filesRestrictedBy(path: string): Promise<string[]> {
  const files: string[] = [];
  const database = await openDatabase(`sqlite:${path}`, (file) => {
    files.push(file);
    expect(modeOf(file)).toBe(0o600);
  });
  await sql`select 1`.execute(database.kysely);
  await database.close();
  return files;
}

/** Every file of a folder with a hash of its bytes. */
function filesOf(folder: string): Record<string, string> {
  const names = readdirSync(folder);
  return Object.fromEntries(
    names.map((name) => [
      name,
      createHash('sha256')
        .update(readFileSync(join(folder, name)))
        .digest('hex'),
    ]),
  );
}

/** Runs as a user who owns none of the files if the tests run as root, who may write everywhere. */
async function withoutRights<T>(work: () => Promise<T>): Promise<T> {
  if (!isRoot) return work();
  process.seteuid?.(UNPRIVILEGED);
  try {
    return await work();
  } finally {
    process.seteuid?.(0);
  }
}

describe('a SQLite store', () => {
  it('is created for its owner only', async () => {
    const folder = newFolder();
    const path = join(folder, 'new', 'folders', 'payments.db');
    const store = await TestStore.open(`sqlite:${path}`);
    await store.begin();
    const modes = readdirSync(join(path, '..')).map((name) => modeOf(join(path, '..', name)));
    await store.close();
    expect(modes).toEqual([0o600, 0o600]);
    expect([join(folder, 'new', 'folders'), join(folder, 'new'), folder].map(modeOf)).toEqual([0o700, 0o700, 0o755]);
  });

  it.each([0o644, 0o660, 0o604, 0o666])(
    'removes the rights of other users from files of mode %o, and reports it',
    async (mode) => {
      const path = join(newFolder(), 'payments.db');
      const before = await TestStore.open(`sqlite:${path}`, new DataKeys([key]));
      await before.begin();
      // The copy is like a store after a crash: no process has it open.
      const copy = join(newFolder(), 'copy.db');
      for (const end of ['', '-wal']) {
        copyFileSync(path + end, copy + end);
        chmodSync(copy + end, mode);
      }
      await before.close();
      expect(await filesRestrictedBy(copy)).toEqual([copy, `${copy}-wal`, `${copy}-shm`]);
      expect(modeOf(copy)).toBe(0o600);
      expect(await filesRestrictedBy(copy)).toEqual([]);
    },
  );

  it('keeps all its files beside the target of a symbolic link', async () => {
    const [real, other] = [newFolder(), newFolder()];
    symlinkSync(join(real, 'payments.db'), join(other, 'link.db'));
    writeFileSync(join(real, 'payments.db'), '');
    chmodSync(join(real, 'payments.db'), 0o644);
    const store = await TestStore.open(`sqlite:${join(other, 'link.db')}`);
    await store.begin();
    expect(readdirSync(other)).toEqual(['link.db']);
    const modes = Object.fromEntries(readdirSync(real).map((name) => [name, modeOf(join(real, name))]));
    expect(modes).toEqual({ 'payments.db': 0o600, 'payments.db-wal': 0o600 });
    await store.close();
  });

  it('expires the attempts of a crashed process at once', async () => {
    const path = join(newFolder(), 'payments.db');
    const before = await TestStore.open(`sqlite:${path}`, new DataKeys([key]));
    const [link, email] = [await before.begin('LINK'), await before.beginSend()];
    await before.close();
    expect(await resultOf(path)).toBe('opened');
    const after = await TestStore.open(`sqlite:${path}`, new DataKeys([key]));
    expect(await after.record(link)).toMatchObject({ state: 'RELEASED' });
    expect(await after.record(email)).toMatchObject({ state: 'UNKNOWN' });
    await after.close();
  });

  it.each(['new', 'old'])('that one process has open is not opened by another when it is %s', async (age) => {
    const path = join(newFolder(), 'payments.db');
    if (age === 'old') expect(await resultOf(path)).toBe('opened');
    const store = await TestStore.open(`sqlite:${path}`, new DataKeys([key]));
    expect(await resultOf(path)).toBe(
      `StoreConfigurationError: DATABASE_URL refers to ${path}: another process has it open, and only one process can use a SQLite database`,
    );
    await store.begin();
    await store.close();
  });
});

describe('a SQLite path', () => {
  const rejected = (path: string, why: string): string =>
    `StoreConfigurationError: DATABASE_URL refers to ${path}${why}`;

  it('to a file that is not a database is rejected, and the file is unchanged', async () => {
    const folder = newFolder();
    const path = join(folder, 'letter.txt');
    writeFileSync(path, 'Dear Madam or Sir, '.repeat(1_000));
    const before = filesOf(folder);
    expect(await resultOf(path)).toBe(rejected(path, ': it is not a SQLite database'));
    expect(filesOf(folder)).toEqual(before);
  });

  it.each(['delete', 'wal'])(
    'to a database of another program (%s) is rejected, and the file is unchanged',
    async (mode) => {
      const folder = newFolder();
      const path = join(folder, 'theirs.db');
      const foreign = new DatabaseSync(path);
      foreign.exec(`PRAGMA journal_mode = ${mode}`);
      foreign.exec('create table payments (id int); insert into payments values (1)');
      foreign.close();
      const before = filesOf(folder);
      expect(await resultOf(path)).toBe(rejected(path, ', which is a database of another program'));
      expect(filesOf(folder)).toEqual(before);
    },
  );

  it('to a link without a target is rejected, as when a volume is not mounted', async () => {
    const folder = newFolder();
    const path = join(folder, 'link.db');
    symlinkSync(join(folder, 'volume', 'payments.db'), path);
    expect(await resultOf(path)).toBe(rejected(path, ': it is a link to a missing file'));
    expect(readdirSync(folder)).toEqual(['link.db']);
  });

  it('to a device or a pipe is rejected, and its rights are unchanged', async () => {
    const pipe = join(newFolder(), 'pipe');
    execFileSync('mkfifo', ['-m', '666', pipe]);
    for (const path of ['/dev/null', pipe]) {
      expect(await resultOf(path)).toBe(rejected(path, ': it is not a file'));
      expect(modeOf(path)).toBe(0o666);
    }
  });

  // Only root can make a file of another user.
  const itAsRoot = isRoot ? it : it.skip;
  itAsRoot('to a store of another user that others can read is rejected with instructions', async () => {
    const folder = newFolder();
    const path = join(folder, 'payments.db');
    expect(await resultOf(path)).toBe('opened');
    chmodSync(folder, 0o777);
    chmodSync(path, 0o666);
    expect(await withoutRights(() => resultOf(path))).toBe(
      rejected(
        path,
        `: other users can read ${path}, and this process cannot change that: run chmod 600 as its owner, or move it`,
      ),
    );
  });

  it('to a folder is rejected', async () => {
    const folder = newFolder();
    expect(await resultOf(folder)).toContain(rejected(folder, ': EISDIR'));
    expect(filesOf(folder)).toEqual({});
  });

  it('below a file is rejected', async () => {
    const file = join(newFolder(), 'file');
    writeFileSync(file, '');
    const path = join(file, 'payments.db');
    expect(await resultOf(path)).toMatch(new RegExp(`^${rejected(path, ': (ENOTDIR|EEXIST)')}`));
  });

  it('in a folder without write permission is rejected', async () => {
    const folder = newFolder();
    chmodSync(folder, 0o555);
    const path = join(folder, 'payments.db');
    expect(await withoutRights(() => resultOf(path))).toContain(rejected(path, ': EACCES'));
  });

  it('to a file without write permission is rejected, and the file is unchanged', async () => {
    const folder = newFolder();
    const path = join(folder, 'payments.db');
    expect(await resultOf(path)).toBe('opened');
    chmodSync(path, 0o444);
    const before = filesOf(folder);
    expect(await withoutRights(() => resultOf(path))).toContain(rejected(path, ': EACCES'));
    expect(filesOf(folder)).toEqual(before);
  });

  it('to a store in a folder without write permission is rejected', async () => {
    const folder = newFolder();
    const path = join(folder, 'payments.db');
    expect(await resultOf(path)).toBe('opened');
    chmodSync(path, 0o666);
    chmodSync(folder, 0o555);
    expect(await withoutRights(() => resultOf(path))).toContain(rejected(path, ': '));
  });
});
