import { beforeAll, describe, expect, it } from '@jest/globals';
import { withSandbox } from '../support/fixture.js';
import type { TestGateway } from '../support/gateway.js';
import { CREATION, find, newInput, pay, paymentIn } from '../support/payments.js';
import type { Payment } from '../support/payments.js';
import { TestPostgres } from '../support/postgres.js';
import { TestRouter } from '../support/router.js';
import { SqliteFile } from '../support/sqlite-file.js';
import { until } from '../support/until.js';

/** To this replica every status is old, so that it asks Flinks whenever it is asked. */
const EAGER = { STATUS_STALE_AFTER: '1ms' };
/** These do not ask by themselves. */
const LAZY = { STATUS_STALE_AFTER: '10m' };

const postgres = new TestPostgres();
const router = new TestRouter();
const {
  sandbox,
  start: startGateway,
  output,
} = withSandbox({ switches: { settleAfterMs: 0 }, services: [postgres, router] });

async function make(gateway: TestGateway): Promise<Payment> {
  return paymentIn(await pay(gateway, CREATION, newInput()));
}

/** Has a payment move at Flinks, and this replica find out. */
async function move(payment: Payment, word: string, gateway: TestGateway): Promise<void> {
  await sandbox.moveTo(payment.flinksSessionId ?? '', word);
  await until(async () => (await find(gateway, payment.id))?.status === word.toUpperCase());
}

const start = (environment: Record<string, string>): Promise<TestGateway> =>
  startGateway({ SUBSCRIPTION_CALLBACK_HOSTS: router.host, ...environment });

describe('over PostgreSQL', () => {
  let moving: TestGateway;
  let environment: Record<string, string>;

  beforeAll(async () => {
    environment = { DATABASE_URL: postgres.databaseUrl() };
    // It tells no subscriptions, so those of the replica that is killed have to be taken over by the one that a test names.
    moving = await startGateway({ ...environment, ...EAGER });
  });

  it('a router is told how a payment is, how it goes on elsewhere, and of the end', async () => {
    const gateway = await start({ ...environment, ...LAZY });
    const payment = await make(gateway);
    const { subscription, answer } = await router.subscribe(gateway, payment.id);
    expect(answer).toMatchObject({ status: 200, data: null });
    await subscription.isToldOf('INITIATED');
    await move(payment, 'Accepted', moving);
    await subscription.isToldOf('ACCEPTED');
    await move(payment, 'Settled', moving);
    await subscription.isOver();
    expect(subscription.statuses).toEqual(['INITIATED', 'ACCEPTED', 'SETTLED']);
    expect(subscription.messages.map(({ action }) => action)).toEqual(['check', 'next', 'next', 'next', 'complete']);
    expect(subscription.of('complete')[0]).not.toHaveProperty('errors');
    await until(async () => (await postgres.query('select * from callback_subscriptions')).length === 0);
    await gateway.stop();
  });

  /** The last event of each subscription that its router has taken. */
  const eventsTaken = async (): Promise<number[]> => {
    const rows = await postgres.query<{ after_event: number }>('select after_event from callback_subscriptions');
    return rows.map(({ after_event }) => after_event);
  };

  /** The replicas that tell a subscription, or nobody. */
  const holders = (): Promise<{ holder: string | null }[]> =>
    postgres.query<{ holder: string | null }>('select holder from callback_subscriptions');

  it('the next status reaches the router when the replica that it asked is killed', async () => {
    const asked = await start({ ...environment, ...LAZY });
    const payment = await make(asked);
    const { subscription } = await router.subscribe(asked, payment.id, { heartbeatIntervalMs: 10_000 });
    await subscription.isToldOf('INITIATED');
    // What the store does not know to be taken is told again.
    await until(async () => (await eventsTaken())[0] === 2);
    await asked.kill();
    await move(payment, 'Accepted', moving);
    await move(payment, 'Processed', moving);
    const startedMs = performance.now();
    const other = await start({ ...environment, ...LAZY });
    await subscription.isToldOf('PROCESSED');
    expect(performance.now() - startedMs).toBeLessThan(10_000);
    await move(payment, 'Settled', moving);
    await subscription.isOver();
    expect(subscription.statuses).toEqual(['INITIATED', 'ACCEPTED', 'PROCESSED', 'SETTLED']);
    await other.stop();
  });

  it('a replica that shuts down hands its subscriptions over at once, and says nothing of an end', async () => {
    const [leaving, other] = [await start({ ...environment, ...LAZY }), await start({ ...environment, ...LAZY })];
    const payment = await make(leaving);
    const { subscription } = await router.subscribe(leaving, payment.id, { heartbeatIntervalMs: 60_000 });
    await subscription.isToldOf('INITIATED');
    const [held, checks] = [await holders(), subscription.of('check').length];
    expect(held).toEqual([{ holder: expect.any(String) as unknown }]);
    await leaving.stop();
    const left = await holders();
    expect(left).toHaveLength(1);
    // One that is killed holds it until its lease is over.
    expect(left).not.toEqual(held);
    // Whoever takes it over checks first.
    await until(() => subscription.of('check').length > checks);
    expect(subscription.of('complete')).toEqual([]);
    await move(payment, 'Declined', moving);
    await subscription.isOver();
    expect(subscription.statuses).toEqual(['INITIATED', 'DECLINED']);
    await other.stop();
  });

  it('a replica that was paused leaves what another one took over', async () => {
    const [paused, other] = [await start({ ...environment, ...LAZY }), await start({ ...environment, ...LAZY })];
    const payment = await make(paused);
    const { subscription } = await router.subscribe(paused, payment.id);
    await subscription.isToldOf('INITIATED');
    await until(async () => (await eventsTaken())[0] === 2);
    paused.signal('SIGSTOP');
    await other.logged('callback subscriptions taken over');
    paused.signal('SIGCONT');
    await move(payment, 'Accepted', moving);
    await move(payment, 'Settled', moving);
    await subscription.isOver();
    await Promise.all([paused.stop(), other.stop()]);
    expect(subscription.statuses).toEqual(['INITIATED', 'ACCEPTED', 'SETTLED']);
    expect(subscription.of('complete')).toHaveLength(1);
  });

  it('nothing secret or personal is logged or kept in the clear', async () => {
    const gateway = await start({ ...environment, ...LAZY });
    const { subscription } = await router.subscribe(gateway, (await make(gateway)).id);
    await subscription.isToldOf('INITIATED');
    const rows = JSON.stringify(await postgres.query('select * from callback_subscriptions'));
    expect(rows).toContain('anonymous');
    for (const text of [rows, output()])
      for (const secret of [subscription.verifier, subscription.id, '/callback/', 'paymentSessionUpdated'])
        expect(text).not.toContain(secret);
    await gateway.stop();
  });
});

describe('over SQLite', () => {
  it.each([
    ['stopped', (gateway: TestGateway) => gateway.stop()],
    ['killed', (gateway: TestGateway) => gateway.kill()],
  ])('the only gateway goes on after it was %s', async (_, end) => {
    const file = await new SqliteFile().start();
    const environment = { DATABASE_URL: file.url, ...EAGER };
    const first = await start(environment);
    const payment = await make(first);
    const { subscription } = await router.subscribe(first, payment.id);
    await subscription.isToldOf('INITIATED');
    await end(first);
    const second = await start(environment);
    await move(payment, 'Accepted', second);
    await move(payment, 'Settled', second);
    await subscription.isOver();
    // What was under way when it was killed may come twice.
    expect([...new Set(subscription.statuses)]).toEqual(['INITIATED', 'ACCEPTED', 'SETTLED']);
    expect(subscription.statuses.slice(-2)).toEqual(['ACCEPTED', 'SETTLED']);
    await second.stop();
    expect(file.query('select * from callback_subscriptions')).toEqual([]);
    await file.stop();
  });
});
