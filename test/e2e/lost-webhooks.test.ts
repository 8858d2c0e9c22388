import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { withSandbox } from '../support/fixture.js';
import type { TestGateway } from '../support/gateway.js';
import { CREATION, SEND, findPayment, newInput, pay, paymentIn } from '../support/payments.js';
import type { Operation, Payment } from '../support/payments.js';
import { TestPostgres } from '../support/postgres.js';
import { DailyFiles } from '../support/reconcile.js';
import { until } from '../support/until.js';
import { WEBHOOK_SECRET, sendWebhooksTo } from '../support/webhooks.js';

const MAX_AGE_MS = 200;
const CALL_MS = 10_000;
const TIME_ZONE = 'America/Toronto';

/** The longest delay from a change at Flinks to the change here without any webhook, according to docs/payment-status.md. */
const boundMs = (sinceChangeMs: number): number => Math.max(MAX_AGE_MS, sinceChangeMs / 10) + CALL_MS + 2_000;

/** Sequences of provider statuses that a payment can have. */
const STATUS_SEQUENCES = [
  ['Processing', 'Accepted', 'Processed', 'Settled'],
  ['Accepted', 'Settled'],
  ['Declined'],
  ['Processing', 'Failed'],
  ['Expired'],
  ['Canceled'],
];

const postgres = new TestPostgres();
const environment = () => ({ DATABASE_URL: postgres.databaseUrl(), FLINKS_WEBHOOK_SECRETS: WEBHOOK_SECRET });
const files: DailyFiles = new DailyFiles(() => ({ FLINKS_BASE_URL: sandbox.url, ...environment() }));
const { sandbox, addGateway, output } = withSandbox({ switches: { settleAfterMs: 0 }, services: [postgres, files] });
const eager = () => ({ ...environment(), STATUS_STALE_AFTER: `${MAX_AGE_MS}ms` });
const gateways = [addGateway(eager), addGateway(eager)];

beforeAll(async () => {
  await sendWebhooksTo(gatewayFor(0), sandbox);
  await sandbox.dropWebhooks();
});

function gatewayFor(index: number): TestGateway {
  const gateway = gateways[index % gateways.length];
  if (gateway === undefined) throw new Error('there is no gateway');
  return gateway;
}

/** A payment whose status is final at Flinks. */
interface FinishedPayment {
  readonly id: string;
  readonly final: string;
  /** The time between the last two changes. */
  readonly sinceChangeMs: number;
  /** The time of the last change. */
  readonly changedAtMs: number;
}

const createPayment = async (operation: Operation, index: number): Promise<Payment> =>
  paymentIn(await pay(gatewayFor(index), operation, { ...newInput(), referenceId: randomUUID() }));

/** Moves a payment through a sequence of statuses at Flinks. */
async function finish({ id, flinksSessionId: sessionId }: Payment, index: number): Promise<FinishedPayment> {
  const providerStatuses = STATUS_SEQUENCES[index % STATUS_SEQUENCES.length] ?? [];
  const times = [Date.now()];
  for (const providerStatus of providerStatuses) {
    await sandbox.moveTo(sessionId ?? '', providerStatus);
    times.push(Date.now());
  }
  const [before = 0, last = 0] = times.slice(-2);
  const final = (providerStatuses.at(-1) ?? '').toUpperCase().replace('CANCELED', 'CANCELLED');
  return { id, final, sinceChangeMs: last - before, changedAtMs: last };
}

/** The time of the event that recorded a status. */
async function recordedAtMs(id: string, status: string): Promise<number> {
  const query = 'query ($id: ID!) { paymentSession(id: $id) { events { status recordedAt } } }';
  const { data } = await gatewayFor(0).post<{ paymentSession: { events: { status: string; recordedAt: string }[] } }>({
    query,
    variables: { id },
  });
  return Date.parse(data?.paymentSession.events.find((event) => event.status === status)?.recordedAt ?? '');
}

describe('without any webhook,', () => {
  it('the gateway looks up every status that it can within the documented time', async () => {
    const payments = await Promise.all(Array.from({ length: 48 }, (_, index) => createPayment(CREATION, index)));
    const finished = await Promise.all(payments.map(finish));
    const polledStatuses = (): number =>
      output().match(/"source":"POLL","status":"\w+","effect":"applied"/g)?.length ?? 0;
    const expectedCount = finished.length;
    await until(() => polledStatuses() >= expectedCount);
    for (const { id, final, sinceChangeMs, changedAtMs } of finished) {
      await until(async () => (await findPayment(gatewayFor(1), id))?.status === final);
      expect((await recordedAtMs(id, final)) - changedAtMs).toBeLessThan(boundMs(sinceChangeMs));
    }
  });

  it('the gateway gets all other statuses from the daily file', async () => {
    const payments = await Promise.all(Array.from({ length: 12 }, (_, index) => createPayment(SEND, index)));
    await sandbox.addFault({ endpoint: 'sendrequest', kind: 'cut', when: 'after-work' });
    const unknown = await createPayment(SEND, 0);
    expect(unknown.status).toBe('OUTCOME_UNKNOWN');
    const sent = (await sandbox.sessions()).filter(({ referenceId }) => referenceId === unknown.referenceId);
    const lost = { ...unknown, flinksSessionId: sent[0]?.sessionId ?? null };
    const finished = await Promise.all([...payments, lost].map(finish));
    for (const { id } of finished)
      expect(['INITIATED', 'OUTCOME_UNKNOWN']).toContain((await findPayment(gatewayFor(0), id))?.status);

    const today = new Intl.DateTimeFormat('en-CA', { timeZone: TIME_ZONE }).format(new Date());
    const file = await sandbox.dailyFile(today, { timeZone: TIME_ZONE });
    const { code, lines } = await files.reconcile(file, '--date', today);
    expect({ code, lines: lines.filter((line) => line.startsWith('EXCEPTION')) }).toEqual({ code: 0, lines: [] });
    for (const { id, final } of finished) expect((await findPayment(gatewayFor(1), id))?.status).toBe(final);
  });
});
