import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { withSandbox } from '../support/fixture.js';
import type { TestGateway } from '../support/gateway.js';
import { CREATION, SEND, find, newInput, pay, paymentIn } from '../support/payments.js';
import type { Operation, Payment } from '../support/payments.js';
import { TestPostgres } from '../support/postgres.js';
import { DailyFiles } from '../support/reconcile.js';
import { until } from '../support/until.js';
import { WEBHOOK_SECRET, sendWebhooksTo } from '../support/webhooks.js';

const MAX_AGE_MS = 200;
const CALL_MS = 10_000;
const TIME_ZONE = 'America/Toronto';

/** As docs/payment-status.md has it: from a change at Flinks to the change here, without any webhook. */
const boundMs = (sinceChangeMs: number): number => Math.max(MAX_AGE_MS, sinceChangeMs / 10) + CALL_MS + 2_000;

/** Ways of a payment at Flinks, in its words. */
const WAYS = [
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

interface Lived {
  readonly id: string;
  readonly final: string;
  /** How long before the last change the one before was, and when the last one was. */
  readonly sinceChangeMs: number;
  readonly changedAtMs: number;
}

const make = async (operation: Operation, index: number): Promise<Payment> =>
  paymentIn(await pay(gatewayFor(index), operation, { ...newInput(), referenceId: randomUUID() }));

/** Has a payment go its way at Flinks. */
async function live({ id, flinksSessionId: sessionId }: Payment, index: number): Promise<Lived> {
  const way = WAYS[index % WAYS.length] ?? [];
  const times = [Date.now()];
  for (const word of way) {
    await sandbox.moveTo(sessionId ?? '', word);
    times.push(Date.now());
  }
  const [before = 0, last = 0] = times.slice(-2);
  const final = (way.at(-1) ?? '').toUpperCase().replace('CANCELED', 'CANCELLED');
  return { id, final, sinceChangeMs: last - before, changedAtMs: last };
}

/** When a status was in the store, by its event. */
async function toldAtMs(id: string, status: string): Promise<number> {
  const query = 'query ($id: ID!) { paymentSession(id: $id) { events { status recordedAt } } }';
  const { data } = await gatewayFor(0).post<{ paymentSession: { events: { status: string; recordedAt: string }[] } }>({
    query,
    variables: { id },
  });
  return Date.parse(data?.paymentSession.events.find((event) => event.status === status)?.recordedAt ?? '');
}

describe('without any webhook', () => {
  it('every payment that can be looked up is told within the bound, though nobody asks', async () => {
    const payments = await Promise.all(Array.from({ length: 48 }, (_, index) => make(CREATION, index)));
    const lived = await Promise.all(payments.map(live));
    const told = (): number => output().match(/"source":"POLL","status":"\w+","effect":"applied"/g)?.length ?? 0;
    const atOnce = lived.length;
    await until(() => told() >= atOnce);
    for (const { id, final, sinceChangeMs, changedAtMs } of lived) {
      await until(async () => (await find(gatewayFor(1), id))?.status === final);
      expect((await toldAtMs(id, final)) - changedAtMs).toBeLessThan(boundMs(sinceChangeMs));
    }
  });

  it('the others are told by the daily file', async () => {
    const payments = await Promise.all(Array.from({ length: 12 }, (_, index) => make(SEND, index)));
    await sandbox.addFault({ endpoint: 'sendrequest', kind: 'cut', when: 'after-work' });
    const unknown = await make(SEND, 0);
    expect(unknown.status).toBe('OUTCOME_UNKNOWN');
    const sent = (await sandbox.sessions()).filter(({ referenceId }) => referenceId === unknown.referenceId);
    const lost = { ...unknown, flinksSessionId: sent[0]?.sessionId ?? null };
    const lived = await Promise.all([...payments, lost].map(live));
    for (const { id } of lived)
      expect(['INITIATED', 'OUTCOME_UNKNOWN']).toContain((await find(gatewayFor(0), id))?.status);

    const today = new Intl.DateTimeFormat('en-CA', { timeZone: TIME_ZONE }).format(new Date());
    const file = await sandbox.dailyFile(today, { timeZone: TIME_ZONE });
    const { code, lines } = await files.reconcile(file, '--date', today);
    expect({ code, lines: lines.filter((line) => line.startsWith('EXCEPTION')) }).toEqual({ code: 0, lines: [] });
    for (const { id, final } of lived) expect((await find(gatewayFor(1), id))?.status).toBe(final);
  });
});
