import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './gateway.js';
import { TemporaryFolder } from './temporary-folder.js';

const MEMORY_POLL_MS = 50;

/** The exit code and output of the command, and its peak memory, undefined if the system does not report it. */
export interface ReconcileResult {
  readonly code: number | null;
  readonly lines: readonly string[];
  readonly peakMegabytes: number | undefined;
}

/** Files for the command `reconcile`, in a temporary folder. */
export class DailyFiles extends TemporaryFolder {
  #written = 0;

  /** `environment` is the environment of the command. */
  constructor(private readonly environment: () => Record<string, string>) {
    super();
  }

  write(content: string | Uint8Array): string {
    const path = join(this.path, `${(this.#written += 1)}.csv`);
    writeFileSync(path, content);
    return path;
  }

  /** Writes a file with this content and runs `reconcile` on it. */
  reconcile(content: string | Uint8Array, ...options: readonly string[]): Promise<ReconcileResult> {
    return this.command(this.write(content), ...options);
  }

  /** Runs `reconcile` with this content as its standard input. */
  pipe(content: string): Promise<ReconcileResult> {
    return this.#run(['-'], content);
  }

  /** Runs `reconcile` with these arguments. */
  command(...args: readonly string[]): Promise<ReconcileResult> {
    return this.#run(args);
  }

  async #run(args: readonly string[], input?: string): Promise<ReconcileResult> {
    const { child, output } = run(this.environment(), ['commands/reconcile.js', ...args], input);
    let peakMegabytes: number | undefined;
    const memoryPoll = setInterval(() => (peakMegabytes = peakOf(child.pid) ?? peakMegabytes), MEMORY_POLL_MS);
    const [code] = (await once(child, 'close')) as [number | null];
    clearInterval(memoryPoll);
    return { code, lines: output.join('').trimEnd().split('\n'), peakMegabytes };
  }
}

/** The peak memory of a process in megabytes. Only Linux reports it. */
function peakOf(pid = 0): number | undefined {
  const path = `/proc/${pid}/status`;
  if (!existsSync(path)) return undefined;
  const [, kilobytes] = /VmHWM:\s*(\d+) kB/.exec(readFileSync(path, 'utf8')) ?? [];
  return kilobytes === undefined ? undefined : Number(kilobytes) / 1_024;
}
