import { startSandbox } from '../../sandbox/start-sandbox.js';
import type { Sandbox } from '../../sandbox/start-sandbox.js';
import type { Switches } from '../../sandbox/switches.js';
import type {
  DailyFileFault,
  DailyFileOptions,
  Endpoint,
  Fault,
  GivenSession,
  Journal,
  SandboxMessage,
  SandboxSession,
  WebhookFault,
  WebhookLog,
} from './sandbox-types.js';
import { started } from './started.js';
import { until } from './until.js';

export type * from './sandbox-types.js';

const SESSIONS_PER_CALL = 10_000;

/** A sandbox on a free port, controlled through its HTTP API. */
export class TestSandbox {
  #sandbox: Sandbox | undefined;

  constructor(private readonly switches: Partial<Switches> = {}) {}

  async start(): Promise<this> {
    this.#sandbox = await startSandbox(this.switches, 0);
    return this;
  }

  async stop(): Promise<void> {
    await this.#sandbox?.close();
  }

  get url(): string {
    return started(this.#sandbox, 'sandbox').url;
  }

  addFault(fault: Fault): Promise<unknown> {
    return this.#send('POST', 'faults', fault);
  }

  clearFaults(): Promise<unknown> {
    return this.#send('DELETE', 'faults');
  }

  setSwitches(switches: Partial<Switches>): Promise<unknown> {
    return this.#send('PATCH', 'switches', switches);
  }

  reset(): Promise<unknown> {
    return this.#send('POST', 'reset');
  }

  journal(): Promise<Journal> {
    return this.#send('GET', 'journal') as Promise<Journal>;
  }

  /** The number of calls of an endpoint. */
  async calls(endpoint: Endpoint): Promise<number> {
    return (await this.journal()).counts.calls[endpoint] ?? 0;
  }

  /** The number of calls with a result. */
  async results(result: string): Promise<number> {
    return (await this.journal()).counts.results[result] ?? 0;
  }

  outbox(): Promise<SandboxMessage[]> {
    return this.#send('GET', 'outbox') as Promise<SandboxMessage[]>;
  }

  /** The number of messages to an address. */
  async mailsTo({ email }: { readonly email: string }): Promise<number> {
    return (await this.outbox()).filter(({ to }) => to === email).length;
  }

  sessions(): Promise<SandboxSession[]> {
    return this.#send('GET', 'sessions') as Promise<SandboxSession[]>;
  }

  /** The sessions of a payer, oldest first. */
  async sessionsOf({ email }: { readonly email: string }): Promise<SandboxSession[]> {
    return (await this.sessions()).filter(({ customerEmail }) => customerEmail === email);
  }

  /** Changes the status of a payment from any status to any text. The payment must have a payment request. */
  moveTo(sessionId: string, status: string, statusDetails?: string): Promise<unknown> {
    return this.#send('POST', `sessions/${sessionId}/status`, { status, statusDetails });
  }

  /** Adds payments in batches that fit the limit of a request body. Returns their ids in the same order. */
  async addSessions(sessions: readonly GivenSession[]): Promise<{ sessionId: string; requestId: string }[]> {
    const added: { sessionId: string; requestId: string }[] = [];
    for (let index = 0; index < sessions.length; index += SESSIONS_PER_CALL) {
      const batch = sessions.slice(index, index + SESSIONS_PER_CALL);
      added.push(...((await this.#send('POST', 'sessions', batch)) as typeof added));
    }
    return added;
  }

  /** The bytes of the daily file of a date, with the requested faults. */
  async dailyFile(date: string, options: DailyFileOptions = {}): Promise<Buffer> {
    const response = await fetch(`${this.url}/sandbox/reports/daily?${dailyFileQuery(date, options)}`);
    if (!response.ok) throw new Error(`sandbox daily file: ${response.status} ${await response.text()}`);
    return Buffer.from(await response.arrayBuffer());
  }

  /** The faults in the daily file of the same date and options. */
  dailyFileFaults(date: string, options: DailyFileOptions = {}): Promise<DailyFileFault[]> {
    return this.#send('GET', `reports/daily/faults?${dailyFileQuery(date, options)}`) as Promise<DailyFileFault[]>;
  }

  addWebhookFault(fault: WebhookFault): Promise<unknown> {
    return this.#send('POST', 'webhook-faults', fault);
  }

  /** Drops all webhooks until the webhook faults are cleared. */
  dropWebhooks(): Promise<unknown> {
    return this.addWebhookFault({ kind: 'drop', count: Number.MAX_SAFE_INTEGER });
  }

  clearWebhookFaults(): Promise<unknown> {
    return this.#send('DELETE', 'webhook-faults');
  }

  /** Sends one event immediately, with the current status unless another one is given. */
  sendWebhook(sessionId: string, event: { status?: string; statusDetails?: string; when?: string } = {}) {
    return this.#send('POST', 'webhooks', { sessionId, ...event });
  }

  /** Sends the events again that faults of kind `replay` have recorded. */
  replayWebhooks(): Promise<unknown> {
    return this.#send('POST', 'webhooks/replay');
  }

  webhooks(): Promise<WebhookLog> {
    return this.#send('GET', 'webhooks') as Promise<WebhookLog>;
  }

  /** Resolves when no webhook is being sent. Webhooks that a fault holds back do not count. */
  async webhooksSent(): Promise<void> {
    await until(async () => (await this.webhooks()).underWay === 0);
  }

  /** Resolves when a call is in progress. */
  async called(): Promise<void> {
    await until(async () => (await this.journal()).inFlight.now > 0);
  }

  /** Resolves when exactly this number of sessions can be paid. */
  async activated(count: number): Promise<void> {
    await until(async () => (await this.sessions()).filter(({ requestId }) => requestId !== null).length === count);
  }

  /** Every issued token. */
  async tokens(): Promise<string[]> {
    const tokens = (await this.#send('GET', 'tokens')) as { token: string }[];
    return tokens.map(({ token }) => token);
  }

  async #send(method: string, route: string, body?: unknown): Promise<unknown> {
    const response = await fetch(`${this.url}/sandbox/${route}`, {
      method,
      headers: { accept: 'application/json', ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`sandbox ${method} ${route}: ${response.status} ${await response.text()}`);
    const text = await response.text();
    return text === '' ? undefined : (JSON.parse(text) as unknown);
  }
}

function dailyFileQuery(date: string, { faults, ...options }: DailyFileOptions): string {
  const query = new URLSearchParams({ date });
  for (const [name, value] of Object.entries(options)) query.set(name, String(value));
  if (faults !== undefined) query.set('faults', JSON.stringify(faults));
  return query.toString();
}
