import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { withSandbox } from '../support/fixture.js';
import type { TestGateway } from '../support/gateway.js';
import { fillStore, paymentWith } from '../support/many-payments.js';
import { CREATION, findPayment, newInput, pay, paymentIn } from '../support/payments.js';
import { SqliteFile } from '../support/sqlite-file.js';
import { SUBSCRIBERS, throughCurlByPost } from '../support/subscribers.js';
import type { TestSubscriber } from '../support/subscribers.js';
import { until } from '../support/until.js';
import { metricOf } from '../support/webhooks.js';

/** At the default rate, the poll needs two and a half minutes for these. */
const DUE = 3_000;
const HOUR_MS = 3_600_000;
const MAX_AGE_MS = 2_000;
const CALL_MS = 10_000;
/** The bound of docs/payment-status.md. Waiting for the backlog would take minutes. */
const MAX_DELAY_MS = MAX_AGE_MS + CALL_MS + 2_000;

const subscribers: TestSubscriber[] = [];
const file = new SqliteFile();
const { sandbox, start } = withSandbox({ switches: { settleAfterMs: 0 }, services: [file] });
let gateway: TestGateway;

/** Fills a store with payments whose lookup has been due for an hour, and which Flinks does not know. */
beforeAll(async () => {
  const createdAt = new Date(Date.now() - 2 * HOUR_MS);
  const payments = Array.from({ length: DUE }, (_, index) =>
    paymentWith({ paymentRequestId: `due-${index}`, createdAt }),
  );
  await fillStore(file.url, payments, new Date(Date.now() - HOUR_MS));
  gateway = await start({ DATABASE_URL: file.url, STATUS_STALE_AFTER: `${MAX_AGE_MS}ms` });
});
afterEach(async () => {
  for (const subscriber of subscribers.splice(0)) subscriber.stop();
  await sandbox.setSwitches({ latencyMs: 0 });
});

async function createPayment(at = gateway): Promise<{ id: string; sessionId: string }> {
  const { id, flinksSessionId: sessionId } = paymentIn(await pay(at, CREATION, newInput()));
  return { id, sessionId: sessionId ?? '' };
}

function track(subscriber: TestSubscriber): TestSubscriber {
  subscribers.push(subscriber);
  return subscriber;
}

describe('during a backlog of lookups', () => {
  it('the metrics show the backlog, which shrinks while many payments are watched', async () => {
    const [due, lag] = [
      await metricOf(gateway, 'flinks_pay_status_poll_due'),
      await metricOf(gateway, 'flinks_pay_status_poll_lag_seconds'),
    ];
    expect(due).toBeGreaterThan(DUE / 2);
    expect(lag).toBeGreaterThanOrEqual(HOUR_MS / 1_000);
    const payments = await Promise.all(Array.from({ length: 40 }, () => createPayment()));
    for (const { id } of payments) track(throughCurlByPost(gateway.url, id));
    await until(async () => (await metricOf(gateway, 'flinks_pay_status_poll_due')) < due - 20);
  });

  it('subscribers of a new payment get a change within the documented bound, over every transport', async () => {
    const watched = await Promise.all(
      SUBSCRIBERS.map(async ([, subscribe]) => {
        const payment = await createPayment();
        return { ...payment, subscriber: track(subscribe(gateway.url, payment.id)) };
      }),
    );
    for (const { subscriber } of watched) await subscriber.received('INITIATED');
    await sandbox.setSwitches({ latencyMs: 200 });
    const movedMs = performance.now();
    for (const { sessionId } of watched) await sandbox.moveTo(sessionId, 'Settled');
    for (const { subscriber } of watched) await subscriber.received('SETTLED');
    expect(performance.now() - movedMs).toBeLessThan(MAX_DELAY_MS);
    expect(watched.flatMap(({ subscriber }) => subscriber.problems)).toEqual([]);
    expect(await metricOf(gateway, 'flinks_pay_status_poll_due')).toBeGreaterThan(DUE / 4);
  });

  it('a reader gets the current status from Flinks, even when Flinks responds slowly', async () => {
    const { id, sessionId } = await createPayment();
    await sandbox.moveTo(sessionId, 'Accepted');
    await sandbox.setSwitches({ latencyMs: 1_500 });
    // The backlog occupies all the lookups in flight that it may.
    await until(async () => (await sandbox.journal()).inFlight.now >= 6);
    const startedMs = performance.now();
    await until(async () => (await findPayment(gateway, id))?.status === 'ACCEPTED');
    expect(performance.now() - startedMs).toBeLessThan(MAX_DELAY_MS);
  });
});

describe('the poll', () => {
  it('reports no backlog without payments, and keeps to STATUS_POLLS_PER_SECOND_PER_REPLICA', async () => {
    const slow = await start({
      STATUS_STALE_AFTER: '1ms',
      STATUS_POLLS_PER_SECOND_PER_REPLICA: '2',
    });
    expect((await slow.get('/metrics')).body).toContain('\nflinks_pay_status_poll_due 0\n');
    expect((await slow.get('/metrics')).body).toContain('\nflinks_pay_status_poll_lag_seconds 0\n');
    // The backlog of this gateway would add to the calls of the sandbox, which are counted below.
    await gateway.stop();
    for (let count = 0; count < 10; count++) await createPayment(slow);
    const [callsBefore, startedMs] = [await sandbox.calls('lookup'), performance.now()];
    await until(async () => (await sandbox.calls('lookup')) >= callsBefore + 8);
    // Eight lookups at two per tick take at least four ticks, with three pauses of at least half a second each.
    expect(performance.now() - startedMs).toBeGreaterThan(1_400);
  });
});
