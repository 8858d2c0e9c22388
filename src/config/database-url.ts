import { statfsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { z } from 'zod';
import { isPublishedPassword } from './secrets.js';
import { rejecting } from './values.js';

const EXAMPLE = 'such as sqlite:/data/payments.db';

/** Validates `sqlite:` with a plain path, `sqlite::memory:`, or a PostgreSQL URL. */
export function databaseUrl(production: boolean) {
  const problemOf = (text: string): string | undefined =>
    text.startsWith('sqlite:')
      ? sqliteProblem(text.slice('sqlite:'.length), production)
      : postgresProblem(text, production);
  return z.string().superRefine(rejecting(problemOf));
}

/** SQLite interprets URIs and some names instead of using them as paths, some of which mean memory. */
function sqliteProblem(path: string, production: boolean): string | undefined {
  if (path === ':memory:')
    return production ? 'must not be sqlite::memory: in production: a restart would lose every payment' : undefined;
  if (/^\s*$/.test(path)) return `must have the path of a file after sqlite:, ${EXAMPLE}`;
  if (path !== path.trim() || /[\p{C}\p{Zl}\p{Zp}]/u.test(path))
    return `must have no spaces or line breaks around its path and no invisible characters in it: write sqlite:<path>, ${EXAMPLE}`;
  if (/:memory:/i.test(path))
    return `must be sqlite:<path of a file>, ${EXAMPLE}: memory is written sqlite::memory:, and loses every payment`;
  if (/^(\/\/|:|[a-z][a-z\d+.-]+:)/i.test(path))
    return `must have a path after sqlite:, not a URL or a name with a colon: write sqlite:<path>, ${EXAMPLE}`;
  if (/[?#%]/.test(path))
    return `must have a plain path after sqlite:, which takes no parameters: write it without ?, # and %, ${EXAMPLE}`;
  if (/(^|\/)\.{0,2}$/.test(path)) return `must name a file, not a folder: write sqlite:<path>, ${EXAMPLE}`;
  if (production && isKeptInMemory(path))
    return `must not be on a file system in memory (tmpfs) in production, which loses every payment: use a path on a disk, ${EXAMPLE}`;
  return undefined;
}

const MEMORY_FILE_SYSTEMS = [0x01021994 /* tmpfs */, 0x858458f6 /* ramfs */];

/** Whether the file is, or would be created, where a restart of the machine or container loses it. */
function isKeptInMemory(path: string): boolean {
  for (let place = resolve(path); ; place = dirname(place))
    try {
      return MEMORY_FILE_SYSTEMS.includes(statfsSync(place).type);
    } catch {
      // A missing folder is created in the one above it. If that is impossible, opening the database reports why.
      if (place === dirname(place)) return false;
    }
}

function postgresProblem(text: string, production: boolean): string | undefined {
  if (!/^postgres(ql)?:\/\/./.test(text)) return `must be sqlite:<path of a file> or postgres://…`;
  if (!URL.canParse(text)) return 'must be a URL such as postgres://user:password@host:5432/database';
  const { password } = new URL(text);
  if (production && password !== '' && isPublishedPassword(decoded(password)))
    return 'must not have a published password or one of repeated characters in production: generate one with openssl rand -hex 32';
  return undefined;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
