import { statfsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { z } from 'zod';
import { isPublishedPassword } from './secrets.js';

const EXAMPLE = 'such as sqlite:/data/payments.db';

/** `sqlite:` and a plain path, `sqlite::memory:`, or a PostgreSQL URL. */
export function databaseUrl(production: boolean) {
  return z.string().superRefine((text, context) => {
    const problem = text.startsWith('sqlite:')
      ? sqliteProblem(text.slice('sqlite:'.length), production)
      : postgresProblem(text, production);
    if (problem !== undefined) context.addIssue({ code: 'custom', message: problem });
  });
}

/** SQLite takes URIs and names of its own for paths, some of which stand for memory; libsql takes some for other servers. */
function sqliteProblem(path: string, production: boolean): string | undefined {
  if (path === ':memory:')
    return production ? 'must not be sqlite::memory: in production: a restart would forget every payment' : undefined;
  if (/^\s*$/.test(path)) return `must have the path of a file after sqlite:, ${EXAMPLE}`;
  if (path !== path.trim() || /[\p{C}\p{Zl}\p{Zp}]/u.test(path))
    return `must have no blanks or line breaks around its path and nothing invisible in it: write sqlite:<path>, ${EXAMPLE}`;
  if (/:memory:/i.test(path))
    return `must be sqlite:<path of a file>, ${EXAMPLE}: memory is written sqlite::memory:, and forgets every payment`;
  if (/^(\/\/|:|[a-z][a-z\d+.-]+:)/i.test(path))
    return `must have a path after sqlite:, and no URL or name with a colon: write sqlite:<path>, ${EXAMPLE}`;
  if (/[?#%]/.test(path))
    return `must have a plain path after sqlite:, which takes no parameters: write it without ?, # and %, ${EXAMPLE}`;
  if (/(^|\/)\.{0,2}$/.test(path)) return `must name a file, not a folder: write sqlite:<path>, ${EXAMPLE}`;
  if (production && isKeptInMemory(path))
    return `must not name a file system in memory (tmpfs) in production, which forgets every payment: write the path of a disk, ${EXAMPLE}`;
  return undefined;
}

const MEMORY_FILE_SYSTEMS = [0x01021994 /* tmpfs */, 0x858458f6 /* ramfs */];

/** Whether the file is, or would be made, where a restart of the machine or the container leaves nothing. */
function isKeptInMemory(path: string): boolean {
  for (let place = resolve(path); ; place = dirname(place))
    try {
      return MEMORY_FILE_SYSTEMS.includes(statfsSync(place).type);
    } catch {
      // What is not there will be made in the folder above. Why nothing can be made is told when the store is opened.
      if (place === dirname(place)) return false;
    }
}

function postgresProblem(text: string, production: boolean): string | undefined {
  if (!/^postgres(ql)?:\/\/./.test(text)) return `must be sqlite:<path of a file> or postgres://…`;
  if (!URL.canParse(text)) return 'must be a URL such as postgres://user:password@host:5432/database';
  const { password } = new URL(text);
  if (production && password !== '' && isPublishedPassword(decoded(password)))
    return 'must not have a published password or a repeated character for one in production: make one with openssl rand -hex 32';
  return undefined;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
