import { setTimeout as sleep } from 'node:timers/promises';
import type { TestPostgres } from '../support/postgres.js';
import type { Fault as SandboxFault, TestSandbox } from '../support/sandbox.js';
import type { TcpProxy } from '../support/tcp-proxy.js';
import type { FaultLog } from './clock.js';
import type { Random } from './random.js';
import { TIMEOUTS_MS } from './settings.js';

/** The connections of one replica to Flinks and, unless the store is a file, to the database. */
export interface Connections {
  readonly flinks: TcpProxy;
  readonly store: TcpProxy | undefined;
}

/** Causes faults of connections, of Flinks and of the database, one at a time. */
export class Disturbances {
  constructor(
    private readonly random: Random,
    private readonly sandbox: TestSandbox,
    private readonly connections: readonly Connections[],
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
    const replica = this.random.integer(0, this.connections.length - 1);
    const { flinks, store } = this.connections[replica] as Connections;
    const draw = this.random.number();
    if (draw < 0.45) await this.#breakFlinks();
    else if (draw < 0.65 || store === undefined) await this.#breakConnection(flinks, 'Flinks connection', replica);
    else if (draw < 0.8 && this.failOver !== undefined) await this.#failOver(this.failOver);
    else if (draw < 0.95 || this.postgres === undefined) await this.#breakConnection(store, 'database', replica);
    else await this.#breakPostgres(this.postgres);
  }

  /** Makes the sandbox fail a few calls. */
  async #breakFlinks(): Promise<void> {
    const endpoint = this.random.pick(['authorize', 'initiate', 'sendrequest', 'sendrequest', 'activate'] as const);
    const kind = this.random.pick(FLINKS_FAULTS);
    const when = kind.when ?? this.random.pick(['before-work', 'after-work'] as const);
    const fault: SandboxFault = { endpoint, ...kind, when, count: this.random.integer(1, 2) };
    const markEnded = this.faults.begin({
      kind: 'Flinks',
      description: `${endpoint} ${kind.kind} ${kind.status ?? ''}`.trim(),
    });
    await this.sandbox.addFault(fault);
    await sleep(this.random.integer(50, 400));
    await this.sandbox.clearFaults();
    markEnded();
  }

  async #breakConnection(connection: TcpProxy, kind: 'Flinks connection' | 'database', replica: number): Promise<void> {
    const [description, begin, end] = this.random.pick(waysToBreak(connection));
    const markEnded = this.faults.begin({ kind, description, replica });
    begin();
    const longest = description === 'frozen' ? TIMEOUTS_MS.lease : 400;
    await sleep(description === 'cut off' ? 0 : this.random.integer(longest / 4, longest));
    end();
    markEnded();
  }

  async #failOver(begin: () => Promise<() => Promise<void>>): Promise<void> {
    const markEnded = this.faults.begin({ kind: 'database', description: 'PostgreSQL failed over' });
    const end = await begin();
    await sleep(this.random.integer(200, 1_500));
    await end();
    markEnded();
  }

  async #breakPostgres(postgres: TestPostgres): Promise<void> {
    const markEnded = this.faults.begin({ kind: 'database', description: 'PostgreSQL killed' });
    await postgres.kill();
    await sleep(this.random.integer(0, 500));
    await postgres.restart();
    markEnded();
  }
}

const FLINKS_FAULTS: readonly Pick<SandboxFault, 'kind' | 'when' | 'status' | 'delayMs' | 'retryAfterSeconds'>[] = [
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

/** Ways to break a connection, each with a description, and functions that begin and end it. */
function waysToBreak(connection: TcpProxy): readonly (readonly [string, () => void, () => void])[] {
  return [
    ['cut off', () => connection.cutAll(), () => undefined],
    ['refused', () => refuse(connection), () => connection.accept()],
    ['frozen', () => connection.freeze(), () => connection.thaw()],
    ['response lost', () => void connection.loseResponse(), () => connection.stopLosing()],
    ['response to a write lost', () => void connection.loseResponse(isWrite), () => connection.stopLosing()],
  ];
}

function refuse(connection: TcpProxy): void {
  connection.refuse();
  connection.cutAll();
}

/** Whether a request writes, by SQL, by a prepared statement or by HTTP. */
function isWrite(request: Buffer): boolean {
  return /\b(insert|update|write_\d+|POST)\b/.test(request.toString('latin1'));
}
