import { beforeAll, describe, expect, it } from '@jest/globals';
import { withSandbox } from '../support/fixture.js';
import type { TestGateway } from '../support/gateway.js';
import { CREATION, findPayment, newInput, pay, paymentIn } from '../support/payments.js';
import type { Payment } from '../support/payments.js';
import { TestPostgres } from '../support/postgres.js';
import { TestRouter } from '../support/router.js';
import { SqliteFile } from '../support/sqlite-file.js';
import { until } from '../support/until.js';

/** Every status is stale to this replica, so that each query of a payment makes it call Flinks. */
const EAGER = { STATUS_STALE_AFTER: '1ms' };
/** These replicas do not poll Flinks. */
const LAZY = { STATUS_STALE_AFTER: '10m' };

const postgres = new TestPostgres();
const router = new TestRouter();
const {
  sandbox,
  start: startGateway,
  output,
} = withSandbox({ switches: { settleAfterMs: 0 }, services: [postgres, router] });

async function createPayment(gateway: TestGateway): Promise<Payment> {
  return paymentIn(await pay(gateway, CREATION, newInput()));
}

/** Changes the status of a payment at Flinks, and waits until this replica has looked it up. */
async function moveTo(payment: Payment, providerStatus: string, gateway: TestGateway): Promise<void> {
  await sandbox.moveTo(payment.flinksSessionId ?? '', providerStatus);
  await until(async () => (await findPayment(gateway, payment.id))?.status === providerStatus.toUpperCase());
}

const start = (environment: Record<string, string>): Promise<TestGateway> =>
  startGateway({ SUBSCRIPTION_CALLBACK_HOSTS: router.host, ...environment });

describe('callback subscriptions over PostgreSQL', () => {
  let updater: TestGateway;
  let environment: Record<string, string>;

  beforeAll(async () => {
    environment = { DATABASE_URL: postgres.databaseUrl() };
    // Callbacks are disabled here, so only the replica that a test starts can take over the subscriptions of a killed one.
    updater = await startGateway({ ...environment, ...EAGER });
  });

  it('send a router the current status, the changes that another replica stores, and the end', async () => {
    const gateway = await start({ ...environment, ...LAZY });
    const payment = await createPayment(gateway);
    const { subscription, response } = await router.subscribe(gateway, payment.id);
    expect(response).toMatchObject({ status: 200, data: null });
    await subscription.received('INITIATED');
    await moveTo(payment, 'Accepted', updater);
    await subscription.received('ACCEPTED');
    await moveTo(payment, 'Settled', updater);
    await subscription.ended();
    expect(subscription.statuses).toEqual(['INITIATED', 'ACCEPTED', 'SETTLED']);
    expect(subscription.messages.map(({ action }) => action)).toEqual(['check', 'next', 'next', 'next', 'complete']);
    expect(subscription.messagesOf('complete')[0]).not.toHaveProperty('errors');
    await until(async () => (await postgres.query('select * from callback_subscriptions')).length === 0);
    await gateway.stop();
  });

  /** The last event that the router has accepted, of each subscription. */
  const eventsAccepted = async (): Promise<number[]> => {
    const rows = await postgres.query<{ after_event: number }>('select after_event from callback_subscriptions');
    return rows.map(({ after_event }) => after_event);
  };

  /** The replica that has the lease of each subscription, or null. */
  const holders = (): Promise<{ holder: string | null }[]> =>
    postgres.query<{ holder: string | null }>('select holder from callback_subscriptions');

  it('continue on another replica if the replica that accepted them is killed', async () => {
    const accepting = await start({ ...environment, ...LAZY });
    const payment = await createPayment(accepting);
    const { subscription } = await router.subscribe(accepting, payment.id, { heartbeatIntervalMs: 10_000 });
    await subscription.received('INITIATED');
    // An event that is not stored as accepted would be sent again.
    await until(async () => (await eventsAccepted())[0] === 2);
    await accepting.kill();
    await moveTo(payment, 'Accepted', updater);
    await moveTo(payment, 'Processed', updater);
    const startedMs = performance.now();
    const other = await start({ ...environment, ...LAZY });
    await subscription.received('PROCESSED');
    expect(performance.now() - startedMs).toBeLessThan(10_000);
    await moveTo(payment, 'Settled', updater);
    await subscription.ended();
    expect(subscription.statuses).toEqual(['INITIATED', 'ACCEPTED', 'PROCESSED', 'SETTLED']);
    await other.stop();
  });

  it('are released at once by a replica that shuts down, and are not completed', async () => {
    const [leaving, other] = [await start({ ...environment, ...LAZY }), await start({ ...environment, ...LAZY })];
    const payment = await createPayment(leaving);
    const { subscription } = await router.subscribe(leaving, payment.id, { heartbeatIntervalMs: 60_000 });
    await subscription.received('INITIATED');
    const [held, checks] = [await holders(), subscription.messagesOf('check').length];
    expect(held).toEqual([{ holder: expect.any(String) as unknown }]);
    await leaving.stop();
    const left = await holders();
    expect(left).toHaveLength(1);
    // A killed replica would keep the subscription until its lease ends.
    expect(left).not.toEqual(held);
    // The replica that takes the subscription over sends a check first.
    await until(() => subscription.messagesOf('check').length > checks);
    expect(subscription.messagesOf('complete')).toEqual([]);
    await moveTo(payment, 'Declined', updater);
    await subscription.ended();
    expect(subscription.statuses).toEqual(['INITIATED', 'DECLINED']);
    await other.stop();
  });

  it('stay with the replica that took them over when a paused replica continues', async () => {
    const [paused, other] = [await start({ ...environment, ...LAZY }), await start({ ...environment, ...LAZY })];
    const payment = await createPayment(paused);
    const { subscription } = await router.subscribe(paused, payment.id);
    await subscription.received('INITIATED');
    await until(async () => (await eventsAccepted())[0] === 2);
    paused.signal('SIGSTOP');
    await other.logged('callback subscriptions taken over');
    paused.signal('SIGCONT');
    await moveTo(payment, 'Accepted', updater);
    await moveTo(payment, 'Settled', updater);
    await subscription.ended();
    await Promise.all([paused.stop(), other.stop()]);
    expect(subscription.statuses).toEqual(['INITIATED', 'ACCEPTED', 'SETTLED']);
    expect(subscription.messagesOf('complete')).toHaveLength(1);
  });

  it('put nothing secret or personal in the log or, in plaintext, in the database', async () => {
    const gateway = await start({ ...environment, ...LAZY });
    const { subscription } = await router.subscribe(gateway, (await createPayment(gateway)).id);
    await subscription.received('INITIATED');
    const rows = JSON.stringify(await postgres.query('select * from callback_subscriptions'));
    expect(rows).toContain('anonymous');
    for (const text of [rows, output()])
      for (const secret of [subscription.verifier, subscription.id, '/callback/', 'paymentSessionUpdated'])
        expect(text).not.toContain(secret);
    await gateway.stop();
  });
});

describe('callback subscriptions over SQLite', () => {
  it.each([
    ['stopped', (gateway: TestGateway) => gateway.stop()],
    ['killed', (gateway: TestGateway) => gateway.kill()],
  ])('continue after the only replica was %s and started again', async (_, end) => {
    const file = await new SqliteFile().start();
    const environment = { DATABASE_URL: file.url, ...EAGER };
    const first = await start(environment);
    const payment = await createPayment(first);
    const { subscription } = await router.subscribe(first, payment.id);
    await subscription.received('INITIATED');
    await end(first);
    const second = await start(environment);
    await moveTo(payment, 'Accepted', second);
    await moveTo(payment, 'Settled', second);
    await subscription.ended();
    // A message in flight at the kill may be sent twice.
    expect([...new Set(subscription.statuses)]).toEqual(['INITIATED', 'ACCEPTED', 'SETTLED']);
    expect(subscription.statuses.slice(-2)).toEqual(['ACCEPTED', 'SETTLED']);
    await second.stop();
    expect(file.query('select * from callback_subscriptions')).toEqual([]);
    await file.stop();
  });
});
