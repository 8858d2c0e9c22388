import { existsSync, mkdtempSync, rmSync, statfsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { IN_DEVELOPMENT, PRODUCTION, problemsOf } from './support/production.js';

/** The type of a tmpfs in the result of statfs(2). */
const TMPFS_MAGIC = 0x01021994;
const isInMemory = (folder: string): boolean => existsSync(folder) && statfsSync(folder).type === TMPFS_MAGIC;

const SHM = '/dev/shm';

if (!isInMemory(SHM) && process.env.CI === 'true')
  throw new Error(`CI needs a file system in memory: mount a tmpfs at ${SHM}`);

// Other systems have no path that is certainly in memory. CI has one.
const itWithTmpfs = isInMemory(SHM) ? it : it.skip;

/** The folder of relative paths. */
const ROOT = process.cwd();
/** A file in a missing folder, on the disk of these tests. */
const FILE = join(import.meta.dirname, 'nowhere', 'payments.db');

const EVERYWHERE = [
  ['development', IN_DEVELOPMENT],
  ['production', PRODUCTION],
] as const;

describe.each(EVERYWHERE)('a path after sqlite: in DATABASE_URL in %s', (_, environment) => {
  // Production rejects these paths if the checkout, or the folder above it, is itself in memory.
  const isRejected = environment === PRODUCTION && [import.meta.dirname, ROOT, dirname(ROOT)].some(isInMemory);
  (isRejected ? it.skip : it).each([
    FILE,
    './payments.db',
    'payments.db',
    '../data/the payments.db',
    'data/päyments.v2.db',
    './a:b.db',
  ])('may be %p', (path) => expect(problemsOf({ ...environment, DATABASE_URL: `sqlite:${path}` })).toEqual([]));

  it.each([
    ['nothing', ''],
    ['a blank', ' '],
    ['a line break', '\n'],
    ['a path with a blank after it', `${FILE} `],
    ['a path with a blank before it', ` ${FILE}`],
    ['a path with a line break after it', `${FILE}\n`],
    ['a path with a line break in it', '/data/\npayments.db'],
    ['a path with a tab after it', `${FILE}\t`],
    ['a path with a zero-width space in it', '/data/pay\u200bments.db'],
    ['a path with a byte order mark', `\ufeff${FILE}`],
    ['memory in capitals', ':MEMORY:'],
    ['memory with a blank after it', ':memory: '],
    ['memory with a blank before it', ' :memory:'],
    ['memory with a line break after it', ':memory:\n'],
    ['memory with blanks inside', ': memory :'],
    ['memory as a path', './:memory:'],
    ['memory in a folder', '/data/:Memory:'],
    ['memory with parameters', ':memory:?cache=shared'],
    ['a URI of memory', 'file::memory:'],
    ['a URI of shared memory', 'file::memory:?cache=shared'],
    ['a URI with mode=memory', 'file:x?mode=memory'],
    ['a URI of a file system in memory', 'file:/x?vfs=memdb'],
    ['a URI', 'file:/data/payments.db'],
    ['a URI in capitals', 'FILE:/data/payments.db'],
    ['a URI with slashes', 'file:///data/payments.db'],
    ['two slashes', '//data/payments.db'],
    ['three slashes', '///data/payments.db'],
    ['parameters alone', '?mode=memory'],
    ['parameters after a path', `${FILE}?mode=memory`],
    ['a fragment', `${FILE}#x`],
    ['an escape', '/data/%70ayments.db'],
    ['a server of libsql', 'libsql://db.example'],
    ['a server by https', 'https://db.example'],
    ['a server by http, in capitals', 'HTTP://127.0.0.1:8080'],
    ['a server by WebSocket', 'ws://db.example'],
    ['a server by secure WebSocket', 'wss://db.example'],
    ['sqlite: again', 'sqlite:/data/payments.db'],
    ['a folder', '/data/'],
    ['the folder itself', '.'],
    ['the folder above', '/data/..'],
    ['the root', '/'],
  ])('may not be %s', (__, path) => {
    expect(problemsOf({ ...environment, DATABASE_URL: `sqlite:${path}` })).toEqual([
      expect.stringMatching(/^DATABASE_URL must .+, such as sqlite:\/data\/payments\.db/),
    ]);
  });
});

describe('a SQLite database in memory', () => {
  it('is rejected in production and accepted in development', () => {
    const inMemory = { DATABASE_URL: 'sqlite::memory:' };
    expect(problemsOf({ ...IN_DEVELOPMENT, ...inMemory })).toEqual([]);
    expect(problemsOf({ ...PRODUCTION, ...inMemory })).toEqual([
      'DATABASE_URL must not be sqlite::memory: in production: a restart would lose every payment',
    ]);
  });

  itWithTmpfs('on a tmpfs file system is rejected in production, whether or not the file exists', () => {
    const folder = mkdtempSync(join(SHM, 'config-test-'));
    try {
      for (const path of [
        join(SHM, 'payments.db'),
        join(folder, 'payments.db'),
        join(folder, 'a', 'b', 'payments.db'),
      ]) {
        const inMemory = { DATABASE_URL: `sqlite:${path}` };
        expect(problemsOf({ ...IN_DEVELOPMENT, ...inMemory })).toEqual([]);
        expect(problemsOf({ ...PRODUCTION, ...inMemory })).toEqual([
          expect.stringMatching(/^DATABASE_URL must not be on a file system in memory \(tmpfs\) in production/),
        ]);
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
