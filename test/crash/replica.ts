import { once } from 'node:events';
import { run } from '../support/gateway.js';

const HALT = new URL('./halt.mjs', import.meta.url).href;

/** Where a gateway halts itself: at this passing of a point of `points.mjs`. */
export interface Halt {
  readonly point: string;
  readonly passing: number;
  readonly signal: 'SIGKILL' | 'SIGSTOP';
}

export interface End {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly output: string;
}

/** One process of a replica. */
export class Life {
  private constructor(
    /** False when it ended before it listened. */
    readonly listening: Promise<boolean>,
    /** Never resolves when it does not come there. */
    readonly haltedAt: (halt: Halt) => Promise<unknown>,
    readonly ended: Promise<End>,
    readonly signal: (signal: NodeJS.Signals) => void,
  ) {}

  static begin(environment: Record<string, string>, halts: readonly Halt[]): Life {
    const { child, output } = run({ ...environment, ...(halts.length > 0 && haltEnvironment(halts)) });
    const wrote = (words: string): Promise<true> =>
      new Promise((resolve) => {
        let tail = '';
        child.stdout?.on('data', (chunk: Buffer) => {
          tail = (tail + chunk.toString()).slice(-words.length - chunk.length);
          if (tail.includes(words)) resolve(true);
        });
      });
    const ended = once(child, 'close').then(([code, signal]): End => ({
      code: code as number | null,
      signal: signal as NodeJS.Signals | null,
      output: output.join(''),
    }));
    const listening = Promise.race([wrote('listening on '), ended.then(() => false)]);
    const haltedAt = new Map(halts.map((halt) => [halt, wrote(`halted at ${halt.point}\n`)]));
    return new Life(
      listening,
      (halt) => haltedAt.get(halt) ?? new Promise(() => undefined),
      ended,
      (signal) => child.kill(signal),
    );
  }
}

function haltEnvironment(halts: readonly Halt[]): Record<string, string> {
  return { NODE_OPTIONS: `--import=${HALT}`, HALTS: JSON.stringify(halts) };
}

/** A gateway that is started again after each of its ends, on the same port. */
export class Replica {
  /** What it wrote when it ended by itself. */
  readonly crashes: string[] = [];
  #life: Life | undefined;

  constructor(
    readonly index: number,
    readonly url: string,
    private readonly environment: Record<string, string>,
  ) {}

  /** Starts it; a store that cannot be reached makes it end, so it is started until it listens or comes to a halt. */
  async start(halts: readonly Halt[] = []): Promise<Life> {
    for (let attempts = 1; ; attempts += 1) {
      const life = Life.begin(this.environment, halts);
      this.#life = life;
      const halted = halts.map((halt) => life.haltedAt(halt).then(() => true));
      if (await Promise.race([life.listening, ...halted])) return this.#watched(life);
      const end = await life.ended;
      if (end.signal === 'SIGKILL') return life;
      if (attempts === MOST_ATTEMPTS) throw new Error(`replica ${this.index} does not start: ${describeEnd(end)}`);
    }
  }

  /** Has it finish what is under way. */
  async stop(): Promise<void> {
    this.#life?.signal('SIGTERM');
    await this.#life?.ended;
  }

  /** Whatever state it is in. */
  async kill(): Promise<void> {
    this.#life?.signal('SIGKILL');
    await this.#life?.ended;
  }

  #watched(life: Life): Life {
    void life.ended.then((end) => {
      if (end.signal !== 'SIGKILL' && end.code !== 0) this.crashes.push(`replica ${this.index}: ${describeEnd(end)}`);
    });
    return life;
  }
}

const MOST_ATTEMPTS = 30;

function describeEnd({ code, signal, output }: End): string {
  return `${String(signal ?? code)}\n${output.slice(-2_000)}`;
}
