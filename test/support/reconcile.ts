import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './gateway.js';
import { TemporaryFolder } from './temporary-folder.js';

const LOOK_EVERY_MS = 50;

/** What the command said, and the most memory that it took; undefined where the system does not tell. */
export interface Reconciled {
  readonly code: number | null;
  readonly lines: readonly string[];
  readonly peakMegabytes: number | undefined;
}

/** Files for the command `reconcile`, in a temporary folder. */
export class DailyFiles extends TemporaryFolder {
  #written = 0;

  /** `environment` is that of the command. */
  constructor(private readonly environment: () => Record<string, string>) {
    super();
  }

  write(content: string | Uint8Array): string {
    const path = join(this.path, `${(this.#written += 1)}.csv`);
    writeFileSync(path, content);
    return path;
  }

  /** Runs `reconcile` on this content. */
  reconcile(content: string | Uint8Array, ...options: readonly string[]): Promise<Reconciled> {
    return this.command(this.write(content), ...options);
  }

  /** Runs `reconcile` on what comes through its standard input. */
  pipe(content: string): Promise<Reconciled> {
    return this.#run(['-'], content);
  }

  /** Runs `reconcile` with these arguments. */
  command(...args: readonly string[]): Promise<Reconciled> {
    return this.#run(args);
  }

  async #run(args: readonly string[], input?: string): Promise<Reconciled> {
    const { child, output } = run(this.environment(), ['commands/reconcile.js', ...args], input);
    let peakMegabytes: number | undefined;
    const looks = setInterval(() => (peakMegabytes = peakOf(child.pid) ?? peakMegabytes), LOOK_EVERY_MS);
    const [code] = (await once(child, 'close')) as [number | null];
    clearInterval(looks);
    return { code, lines: output.join('').trimEnd().split('\n'), peakMegabytes };
  }
}

/** Linux keeps the most that a process ever had. */
function peakOf(pid = 0): number | undefined {
  const path = `/proc/${pid}/status`;
  if (!existsSync(path)) return undefined;
  const [, kilobytes] = /VmHWM:\s*(\d+) kB/.exec(readFileSync(path, 'utf8')) ?? [];
  return kilobytes === undefined ? undefined : Number(kilobytes) / 1_024;
}
