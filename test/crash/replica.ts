import { once } from 'node:events';
import { run } from '../support/gateway.js';

const HALT_MODULE = new URL('./halt.mjs', import.meta.url).href;

/** A halt of a gateway at a point of `points.mjs`, when it passes the point for the nth time. */
export interface Halt {
  readonly point: string;
  readonly passing: number;
  readonly signal: 'SIGKILL' | 'SIGSTOP';
}

export interface ProcessEnd {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly output: string;
}

/** One process of a replica. */
export class GatewayProcess {
  private constructor(
    /** Resolves to false when the process ends before it listens. */
    readonly listening: Promise<boolean>,
    /** Never resolves when the process does not reach the halt. */
    readonly haltedAt: (halt: Halt) => Promise<unknown>,
    readonly ended: Promise<ProcessEnd>,
    readonly sendSignal: (signal: NodeJS.Signals) => void,
  ) {}

  static start(environment: Record<string, string>, halts: readonly Halt[]): GatewayProcess {
    const { child, output } = run({ ...environment, ...(halts.length > 0 && haltEnvironment(halts)) });
    const wrote = (text: string): Promise<true> =>
      new Promise((resolve) => {
        let tail = '';
        child.stdout?.on('data', (chunk: Buffer) => {
          tail = (tail + chunk.toString()).slice(-text.length - chunk.length);
          if (tail.includes(text)) resolve(true);
        });
      });
    const ended = once(child, 'close').then(([code, signal]): ProcessEnd => ({
      code: code as number | null,
      signal: signal as NodeJS.Signals | null,
      output: output.join(''),
    }));
    const listening = Promise.race([wrote('listening on '), ended.then(() => false)]);
    const haltedAt = new Map(halts.map((halt) => [halt, wrote(`halted at ${halt.point}\n`)]));
    return new GatewayProcess(
      listening,
      (halt) => haltedAt.get(halt) ?? new Promise(() => undefined),
      ended,
      (signal) => child.kill(signal),
    );
  }
}

function haltEnvironment(halts: readonly Halt[]): Record<string, string> {
  return { NODE_OPTIONS: `--import=${HALT_MODULE}`, HALTS: JSON.stringify(halts) };
}

/** A gateway that is started again on the same port whenever its process has ended. */
export class Replica {
  /** The output of processes that ended without being killed. */
  readonly crashes: string[] = [];
  #process: GatewayProcess | undefined;

  constructor(
    readonly index: number,
    readonly url: string,
    private readonly environment: Record<string, string>,
  ) {}

  /** Starts processes until one listens or halts, because a process ends when it cannot reach the store. */
  async start(halts: readonly Halt[] = []): Promise<GatewayProcess> {
    for (let attempts = 1; ; attempts += 1) {
      const process = GatewayProcess.start(this.environment, halts);
      this.#process = process;
      const halted = halts.map((halt) => process.haltedAt(halt).then(() => true));
      if (await Promise.race([process.listening, ...halted])) return this.#watch(process);
      const end = await process.ended;
      if (end.signal === 'SIGKILL') return process;
      if (attempts === MAX_START_ATTEMPTS) throw new Error(`replica ${this.index} did not start: ${describeEnd(end)}`);
    }
  }

  /** Lets the process complete its requests and end. */
  async stop(): Promise<void> {
    this.#process?.sendSignal('SIGTERM');
    await this.#process?.ended;
  }

  async kill(): Promise<void> {
    this.#process?.sendSignal('SIGKILL');
    await this.#process?.ended;
  }

  #watch(process: GatewayProcess): GatewayProcess {
    void process.ended.then((end) => {
      if (end.signal !== 'SIGKILL' && end.code !== 0) this.crashes.push(`replica ${this.index}: ${describeEnd(end)}`);
    });
    return process;
  }
}

const MAX_START_ATTEMPTS = 30;

function describeEnd({ code, signal, output }: ProcessEnd): string {
  return `${String(signal ?? code)}\n${output.slice(-2_000)}`;
}
