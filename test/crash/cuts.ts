import { setTimeout as sleep } from 'node:timers/promises';
import type { TestPostgres } from '../support/postgres.js';
import type { Fault as SandboxFault, TestSandbox } from '../support/sandbox.js';
import type { TcpProxy } from '../support/tcp-proxy.js';
import type { FaultLog } from './clock.js';
import type { Random } from './random.js';
import { TIMES } from './settings.js';

/** The lines of one replica. `store` is absent when the store is a file. */
export interface Lines {
  readonly flinks: TcpProxy;
  readonly store: TcpProxy | undefined;
}

/** Disturbs connections and Flinks, one thing at a time, until it is told to end. */
export class Cuts {
  constructor(
    private readonly random: Random,
    private readonly sandbox: TestSandbox,
    private readonly lines: readonly Lines[],
    private readonly postgres: TestPostgres | undefined,
    private readonly failOver: (() => Promise<() => Promise<void>>) | undefined,
    private readonly faults: FaultLog,
  ) {}

  async disturbUntil(ended: AbortSignal): Promise<void> {
    while (!ended.aborted) {
      await this.#disturb();
      await sleep(this.random.integer(50, 900));
    }
  }

  async #disturb(): Promise<void> {
    const replica = this.random.integer(0, this.lines.length - 1);
    const { flinks, store } = this.lines[replica] as Lines;
    const draw = this.random.number();
    if (draw < 0.45) await this.#spoilAnswers();
    else if (draw < 0.65 || store === undefined) await this.#breakLine(flinks, 'Flinks', 'cut', replica);
    else if (draw < 0.8 && this.failOver !== undefined) await this.#failOver(this.failOver);
    else if (draw < 0.95 || this.postgres === undefined) await this.#breakLine(store, 'store', 'store', replica);
    else await this.#breakPostgres(this.postgres);
  }

  /** Has the sandbox fail a few calls. */
  async #spoilAnswers(): Promise<void> {
    const endpoint = this.random.pick(['authorize', 'initiate', 'sendrequest', 'sendrequest', 'activate'] as const);
    const kind = this.random.pick(KINDS);
    const when = kind.when ?? this.random.pick(['before-work', 'after-work'] as const);
    const fault: SandboxFault = { endpoint, ...kind, when, count: this.random.integer(1, 2) };
    const over = this.faults.begin({ kind: 'upstream', what: `${endpoint} ${kind.kind} ${kind.status ?? ''}`.trim() });
    await this.sandbox.addFault(fault);
    await sleep(this.random.integer(50, 400));
    await this.sandbox.clearFaults();
    over();
  }

  async #breakLine(line: TcpProxy, name: string, kind: 'cut' | 'store', replica: number): Promise<void> {
    const [what, begin, end] = this.random.pick(waysToBreak(line));
    const over = this.faults.begin({ kind, what: `${name} ${what}`, replica });
    begin();
    const longest = what === 'lost' ? TIMES.lease : 400;
    await sleep(what === 'cut' ? 0 : this.random.integer(longest / 4, longest));
    end();
    over();
  }

  async #failOver(begin: () => Promise<() => Promise<void>>): Promise<void> {
    const over = this.faults.begin({ kind: 'store', what: 'PostgreSQL failed over' });
    const end = await begin();
    await sleep(this.random.integer(200, 1_500));
    await end();
    over();
  }

  async #breakPostgres(postgres: TestPostgres): Promise<void> {
    const over = this.faults.begin({ kind: 'store', what: 'PostgreSQL killed' });
    await postgres.kill();
    await sleep(this.random.integer(0, 500));
    await postgres.restart();
    over();
  }
}

const KINDS: readonly Pick<SandboxFault, 'kind' | 'when' | 'status' | 'delayMs' | 'retryAfterSeconds'>[] = [
  { kind: 'cut' },
  { kind: 'cut', when: 'after-work' },
  { kind: 'hang' },
  { kind: 'html' },
  { kind: 'truncated' },
  { kind: 'slow', delayMs: 300 },
  { kind: 'status', status: 500 },
  { kind: 'status', status: 503 },
  { kind: 'status', status: 429, when: 'before-work', retryAfterSeconds: 1 },
  { kind: 'status', status: 422, when: 'before-work' },
  { kind: 'unauthorized', when: 'before-work' },
];

/** Name, beginning and end. */
function waysToBreak(line: TcpProxy): readonly (readonly [string, () => void, () => void])[] {
  return [
    ['cut', () => line.cutAll(), () => undefined],
    ['refused', () => refuse(line), () => line.accept()],
    ['lost', () => line.freeze(), () => line.thaw()],
    ['answer lost', () => void line.loseAnswer(), () => line.loseNone()],
    ['acknowledgement lost', () => void line.loseAnswer(isWrite), () => line.loseNone()],
  ];
}

function refuse(line: TcpProxy): void {
  line.refuse();
  line.cutAll();
}

/** Of SQL, and of HTTP. */
function isWrite(request: Buffer): boolean {
  return /\b(insert|update|POST)\b/.test(request.toString('latin1'));
}
