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
import { afterAll, describe, expect, it } from '@jest/globals';
import { sql } from 'kysely';
import Libsql from 'libsql';
import { DataKeys } from '../../src/store/encryption/data-keys.js';
import { openDatabase } from '../../src/store/open-store.js';
import { fileClosed } from '../support/file-closed.js';
import { UNPRIVILEGED, asRoot } from '../support/postgres-programs.js';
import { TestStore, dataKey, openingResult } from './test-store.js';

const key = dataKey('test');
const top = mkdtempSync(join(tmpdir(), 'open-sqlite-test-'));
/** Anybody may enter. */
chmodSync(top, 0o755);
afterAll(() => rmSync(top, { recursive: true }));

let made = 0;
function newFolder(): string {
  const folder = join(top, String((made += 1)));
  mkdirSync(folder, { mode: 0o755 });
  return folder;
}

/** What is said of a store that is refused, by whoever has the one key. */
const refusalOf = (path: string): Promise<string> => openingResult(`sqlite:${path}`, key);

const modeOf = (path: string): number => statSync(path).mode & 0o777;

/** Opens and closes a store. Out: the files that others could read until then. */
async function rightsTakenFrom(path: string): Promise<string[]> {
  const told: string[] = [];
  const database = await openDatabase(`sqlite:${path}`, (file) => {
    told.push(file);
    expect(modeOf(file)).toBe(0o600);
  });
  await sql`select 1`.execute(database.kysely);
  await database.close();
  await fileClosed(path);
  return told;
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

/** Runs as somebody who owns none of the files, should the tests run as root, who may write everywhere. */
async function withoutRights<T>(work: () => Promise<T>): Promise<T> {
  if (!asRoot) return work();
  process.seteuid?.(UNPRIVILEGED);
  try {
    return await work();
  } finally {
    process.seteuid?.(0);
  }
}

describe('a SQLite store', () => {
  it('is made where there is none, for its owner only', async () => {
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
    'takes the rights of others from a file of mode %o, and says so',
    async (mode) => {
      const path = join(newFolder(), 'payments.db');
      const before = await TestStore.open(`sqlite:${path}`, new DataKeys([key]));
      await before.begin();
      // As a copy of a store that a crash left: nobody has it open.
      const copy = join(newFolder(), 'copy.db');
      for (const end of ['', '-wal']) {
        copyFileSync(path + end, copy + end);
        chmodSync(copy + end, mode);
      }
      await before.close();
      expect(await rightsTakenFrom(copy)).toEqual([copy, `${copy}-wal`, `${copy}-shm`]);
      expect(modeOf(copy)).toBe(0o600);
      expect(await rightsTakenFrom(copy)).toEqual([]);
    },
  );

  it('is the file that a link leads to, with all that lies beside it', async () => {
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

  it('takes over at once what a dead process left', async () => {
    const path = join(newFolder(), 'payments.db');
    const before = await TestStore.open(`sqlite:${path}`, new DataKeys([key]));
    const [link, email] = [await before.begin('LINK'), await before.beginSend()];
    await before.close();
    expect(await refusalOf(path)).toBe('opened');
    const after = await TestStore.open(`sqlite:${path}`, new DataKeys([key]));
    expect(await after.record(link)).toMatchObject({ state: 'RELEASED' });
    expect(await after.record(email)).toMatchObject({ state: 'UNKNOWN' });
    await after.close();
  });

  it.each(['new', 'old'])('of one process is not opened twice when it is %s', async (age) => {
    const path = join(newFolder(), 'payments.db');
    if (age === 'old') expect(await refusalOf(path)).toBe('opened');
    const store = await TestStore.open(`sqlite:${path}`, new DataKeys([key]));
    expect(await refusalOf(path)).toBe(
      `StoreConfigurationError: DATABASE_URL refers to ${path}: another process has it open, and only one process can use a SQLite database`,
    );
    await store.begin();
    await store.close();
  });
});

describe('a path', () => {
  const refused = (path: string, why: string): string =>
    `StoreConfigurationError: DATABASE_URL refers to ${path}${why}`;

  it('to a file that is no database is refused, and the file left alone', async () => {
    const folder = newFolder();
    const path = join(folder, 'letter.txt');
    writeFileSync(path, 'Dear Madam or Sir, '.repeat(1_000));
    const before = filesOf(folder);
    expect(await refusalOf(path)).toBe(refused(path, ': it is not a SQLite database'));
    expect(filesOf(folder)).toEqual(before);
  });

  it.each(['delete', 'wal'])('to another program’s database (%s) is refused, and the file left alone', async (mode) => {
    const folder = newFolder();
    const path = join(folder, 'theirs.db');
    const theirs = new Libsql(path);
    theirs.pragma(`journal_mode = ${mode}`);
    theirs.exec('create table payments (id int); insert into payments values (1)');
    theirs.close();
    await fileClosed(path);
    const before = filesOf(folder);
    expect(await refusalOf(path)).toBe(refused(path, ', which is a database of another program'));
    await fileClosed(path);
    expect(filesOf(folder)).toEqual(before);
  });

  it('to a link that leads nowhere is refused, as when a volume is not there', async () => {
    const folder = newFolder();
    const path = join(folder, 'link.db');
    symlinkSync(join(folder, 'volume', 'payments.db'), path);
    expect(await refusalOf(path)).toBe(refused(path, ': it is a link to a missing file'));
    expect(readdirSync(folder)).toEqual(['link.db']);
  });

  it('to a device or a pipe is refused, and its rights left alone', async () => {
    const pipe = join(newFolder(), 'pipe');
    execFileSync('mkfifo', ['-m', '666', pipe]);
    for (const path of ['/dev/null', pipe]) {
      expect(await refusalOf(path)).toBe(refused(path, ': it is not a file'));
      expect(modeOf(path)).toBe(0o666);
    }
  });

  // Only root can make a file of another user.
  const itAsRoot = asRoot ? it : it.skip;
  itAsRoot('to a store of somebody else that others may read is refused with what to do', async () => {
    const folder = newFolder();
    const path = join(folder, 'payments.db');
    expect(await refusalOf(path)).toBe('opened');
    chmodSync(folder, 0o777);
    chmodSync(path, 0o666);
    expect(await withoutRights(() => refusalOf(path))).toBe(
      refused(
        path,
        `: other users can read ${path}, and this process cannot change that: run chmod 600 as its owner, or move it`,
      ),
    );
  });

  it('to a folder is refused', async () => {
    const folder = newFolder();
    expect(await refusalOf(folder)).toContain(refused(folder, ': EISDIR'));
    expect(filesOf(folder)).toEqual({});
  });

  it('below a file is refused', async () => {
    const file = join(newFolder(), 'file');
    writeFileSync(file, '');
    const path = join(file, 'payments.db');
    expect(await refusalOf(path)).toMatch(new RegExp(`^${refused(path, ': (ENOTDIR|EEXIST)')}`));
  });

  it('in a folder that may not be written to is refused', async () => {
    const folder = newFolder();
    chmodSync(folder, 0o555);
    const path = join(folder, 'payments.db');
    expect(await withoutRights(() => refusalOf(path))).toContain(refused(path, ': EACCES'));
  });

  it('to a file that may not be written to is refused, and the file left alone', async () => {
    const folder = newFolder();
    const path = join(folder, 'payments.db');
    expect(await refusalOf(path)).toBe('opened');
    chmodSync(path, 0o444);
    const before = filesOf(folder);
    expect(await withoutRights(() => refusalOf(path))).toContain(refused(path, ': EACCES'));
    expect(filesOf(folder)).toEqual(before);
  });

  it('to a store in a folder that may not be written to is refused', async () => {
    const folder = newFolder();
    const path = join(folder, 'payments.db');
    expect(await refusalOf(path)).toBe('opened');
    chmodSync(path, 0o666);
    chmodSync(folder, 0o555);
    expect(await withoutRights(() => refusalOf(path))).toContain(refused(path, ': '));
  });
});
