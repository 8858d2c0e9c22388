import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from '@jest/globals';
import { freePort } from './free-port.js';
import { UNPRIVILEGED, isRoot, temporaryFolder } from './postgres-programs.js';

/** The usual paths of pgbouncer. PGBOUNCER_PATH gives any other path. */
const PGBOUNCER_PATHS = [
  process.env.PGBOUNCER_PATH,
  '/usr/sbin/pgbouncer',
  '/usr/bin/pgbouncer',
  '/usr/local/bin/pgbouncer',
  '/opt/homebrew/bin/pgbouncer',
];

const program = PGBOUNCER_PATHS.find((path): path is string => path !== undefined && existsSync(path));

if (program === undefined && process.env.CI === 'true') throw new Error('CI needs pgbouncer: install it');

// Tests that need pgbouncer are skipped where it is not installed. CI has it.
export const describeBehindPooler = program === undefined ? describe.skip : describe;
export const itBehindPooler = program === undefined ? it.skip : it;

/** When pgbouncer returns a server connection to its pool. */
export type PoolMode = 'transaction' | 'session' | 'statement';

const READY = /process up/;

/** A pgbouncer in front of a PostgreSQL server on loopback. Stopping it removes its folder. */
export class TestPgbouncer {
  private constructor(
    private readonly child: ChildProcess,
    private readonly folder: string,
    readonly port: number,
  ) {}

  /** `connections` is the number of server connections for each database. The fewer they are, the more clients share one. */
  static async start(target: number, mode: PoolMode = 'transaction', connections = 5): Promise<TestPgbouncer> {
    const folder = mkdtempSync(join(temporaryFolder(), 'pgbouncer-'));
    const port = await freePort();
    const file = join(folder, 'pgbouncer.ini');
    writeFileSync(file, configuration(target, port, mode, connections));
    if (isRoot) [folder, file].forEach((path) => chownSync(path, UNPRIVILEGED, UNPRIVILEGED));
    const child = spawn(program ?? 'pgbouncer', [file], {
      cwd: folder,
      stdio: ['ignore', 'ignore', 'pipe'],
      ...(isRoot && { uid: UNPRIVILEGED, gid: UNPRIVILEGED }),
    });
    try {
      await started(child);
    } catch (error) {
      rmSync(folder, { recursive: true, force: true });
      throw error;
    }
    return new TestPgbouncer(child, folder, port);
  }

  databaseUrl(name = 'postgres'): string {
    return `postgres://postgres@127.0.0.1:${this.port}/${name}`;
  }

  async stop(): Promise<void> {
    const closed = once(this.child, 'close');
    // A graceful shutdown would wait for running queries.
    this.child.kill('SIGKILL');
    await closed;
    rmSync(this.folder, { recursive: true, force: true });
  }
}

function configuration(target: number, port: number, mode: PoolMode, connections: number): string {
  return [
    '[databases]',
    // Any client is admitted and connects as a user that PostgreSQL knows.
    `* = host=127.0.0.1 port=${target} user=postgres`,
    '[pgbouncer]',
    'listen_addr = 127.0.0.1',
    `listen_port = ${port}`,
    'unix_socket_dir =',
    'auth_type = any',
    `pool_mode = ${mode}`,
    `default_pool_size = ${connections}`,
    'max_client_conn = 500',
    // Reconnects as soon as the server accepts connections again.
    'server_login_retry = 0.1',
    'query_wait_timeout = 4',
  ].join('\n');
}

async function started(child: ChildProcess): Promise<void> {
  let written = '';
  await new Promise<void>((resolve, reject) => {
    child.stderr?.on('data', (chunk: Buffer) => {
      written += chunk.toString();
      if (READY.test(written)) resolve();
    });
    child.once('error', reject);
    child.once('close', (code) => reject(new Error(`pgbouncer ended with ${String(code)}: ${written}`)));
  });
}
