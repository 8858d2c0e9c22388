import { startSandbox } from '../../sandbox/start-sandbox.js';
import type { Sandbox } from '../../sandbox/start-sandbox.js';
import type { Switches } from '../../sandbox/switches.js';
import type {
  DailyAnswer,
  DailyOptions,
  Endpoint,
  Fault,
  GivenSession,
  Journal,
  SandboxMessage,
  SandboxSession,
  WebhookFault,
  WebhookLog,
} from './sandbox-vocabulary.js';
import { started } from './started.js';
import { until } from './until.js';

export type * from './sandbox-vocabulary.js';

const SESSIONS_IN_CALL = 10_000;

/** A sandbox on a free port, driven over HTTP as anybody else would. */
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

  /** How often an endpoint was called, and how often calls got a result. */
  async calls(endpoint: Endpoint): Promise<number> {
    return (await this.journal()).counts.calls[endpoint] ?? 0;
  }

  async results(result: string): Promise<number> {
    return (await this.journal()).counts.results[result] ?? 0;
  }

  outbox(): Promise<SandboxMessage[]> {
    return this.#send('GET', 'outbox') as Promise<SandboxMessage[]>;
  }

  /** How many messages went to an address. */
  async mailsTo({ email }: { readonly email: string }): Promise<number> {
    return (await this.outbox()).filter(({ to }) => to === email).length;
  }

  sessions(): Promise<SandboxSession[]> {
    return this.#send('GET', 'sessions') as Promise<SandboxSession[]>;
  }

  /** The sessions that were made for a payer, oldest first. */
  async sessionsOf({ email }: { readonly email: string }): Promise<SandboxSession[]> {
    return (await this.sessions()).filter(({ customerEmail }) => customerEmail === email);
  }

  /** Moves a payment to any status word, from anywhere. It must have its payment request. */
  moveTo(sessionId: string, status: string, statusDetails?: string): Promise<unknown> {
    return this.#send('POST', `sessions/${sessionId}/status`, { status, statusDetails });
  }

  /** Adds payments in as many calls as the limit of a body asks for. Out: their ids, in the same order. */
  async addSessions(sessions: readonly GivenSession[]): Promise<{ sessionId: string; requestId: string }[]> {
    const added: { sessionId: string; requestId: string }[] = [];
    for (let index = 0; index < sessions.length; index += SESSIONS_IN_CALL) {
      const call = sessions.slice(index, index + SESSIONS_IN_CALL);
      added.push(...((await this.#send('POST', 'sessions', call)) as typeof added));
    }
    return added;
  }

  /** The bytes of the file of a day, with the faults that were asked for. */
  async dailyFile(date: string, options: DailyOptions = {}): Promise<Buffer> {
    const answer = await fetch(`${this.url}/sandbox/reports/daily?${dailyQuery(date, options)}`);
    if (!answer.ok) throw new Error(`sandbox daily file: ${answer.status} ${await answer.text()}`);
    return Buffer.from(await answer.arrayBuffer());
  }

  /** The faults of the file that the same date and options give. */
  dailyAnswers(date: string, options: DailyOptions = {}): Promise<DailyAnswer[]> {
    return this.#send('GET', `reports/daily/faults?${dailyQuery(date, options)}`) as Promise<DailyAnswer[]>;
  }

  addWebhookFault(fault: WebhookFault): Promise<unknown> {
    return this.#send('POST', 'webhook-faults', fault);
  }

  /** Sends no webhook any more, until the webhook faults are cleared. */
  dropWebhooks(): Promise<unknown> {
    return this.addWebhookFault({ kind: 'drop', count: Number.MAX_SAFE_INTEGER });
  }

  clearWebhookFaults(): Promise<unknown> {
    return this.#send('DELETE', 'webhook-faults');
  }

  /** Sends one event now: of the present status, unless another one is given. */
  sendWebhook(sessionId: string, told: { status?: string; statusDetails?: string; when?: string } = {}) {
    return this.#send('POST', 'webhooks', { sessionId, ...told });
  }

  /** Sends what the faults of kind `replay` have kept once more. */
  replayWebhooks(): Promise<unknown> {
    return this.#send('POST', 'webhooks/replay');
  }

  webhooks(): Promise<WebhookLog> {
    return this.#send('GET', 'webhooks') as Promise<WebhookLog>;
  }

  /** Resolves when every webhook is out that nothing holds back. */
  async webhooksSent(): Promise<void> {
    await until(async () => (await this.webhooks()).underWay === 0);
  }

  /** Resolves when a call is under way. */
  async called(): Promise<void> {
    await until(async () => (await this.journal()).inFlight.now > 0);
  }

  /** Resolves when there are so many sessions that can be paid. */
  async activated(count: number): Promise<void> {
    await until(async () => (await this.sessions()).filter(({ requestId }) => requestId !== null).length === count);
  }

  /** Every token that was issued. */
  async tokens(): Promise<string[]> {
    const tokens = (await this.#send('GET', 'tokens')) as { token: string }[];
    return tokens.map(({ token }) => token);
  }

  async #send(method: string, route: string, body?: unknown): Promise<unknown> {
    const answer = await fetch(`${this.url}/sandbox/${route}`, {
      method,
      headers: { accept: 'application/json', ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`sandbox ${method} ${route}: ${answer.status} ${await answer.text()}`);
    const text = await answer.text();
    return text === '' ? undefined : (JSON.parse(text) as unknown);
  }
}

function dailyQuery(date: string, { faults, ...options }: DailyOptions): string {
  const query = new URLSearchParams({ date });
  for (const [name, value] of Object.entries(options)) query.set(name, String(value));
  if (faults !== undefined) query.set('faults', JSON.stringify(faults));
  return query.toString();
}
