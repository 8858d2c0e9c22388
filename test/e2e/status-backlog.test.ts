import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { fileClosed } from '../support/file-closed.js';
import { withSandbox } from '../support/fixture.js';
import type { TestGateway } from '../support/gateway.js';
import { fillStore, paymentWith } from '../support/many-payments.js';
import { CREATION, find, newInput, pay, paymentIn } from '../support/payments.js';
import { SqliteFile } from '../support/sqlite-file.js';
import { SUBSCRIBERS, throughCurlByPost } from '../support/subscribers.js';
import type { Told } from '../support/subscribers.js';
import { until } from '../support/until.js';
import { metricOf } from '../support/webhooks.js';

/** At the default of the poll two and a half minutes' worth. */
const DUE = 3_000;
const HOUR_MS = 3_600_000;
const MAX_AGE_MS = 2_000;
const CALL_MS = 10_000;
/** As docs/payment-status.md has it. Behind the backlog it would be minutes. */
const BOUND_MS = MAX_AGE_MS + CALL_MS + 2_000;

const watching: Told[] = [];
const file = new SqliteFile();
const { sandbox, start } = withSandbox({ switches: { settleAfterMs: 0 }, services: [file] });
let gateway: TestGateway;

/** A store of payments that have been due for an hour, and of which Flinks knows nothing. */
beforeAll(async () => {
  const createdAt = new Date(Date.now() - 2 * HOUR_MS);
  const payments = Array.from({ length: DUE }, (_, index) =>
    paymentWith({ paymentRequestId: `due-${index}`, createdAt }),
  );
  await fillStore(file.url, payments, new Date(Date.now() - HOUR_MS));
  await fileClosed(file.url.slice('sqlite:'.length));
  gateway = await start({ DATABASE_URL: file.url, STATUS_STALE_AFTER: `${MAX_AGE_MS}ms` });
});
afterEach(async () => {
  for (const told of watching.splice(0)) told.stop();
  await sandbox.setSwitches({ latencyMs: 0 });
});

async function make(at = gateway): Promise<{ id: string; sessionId: string }> {
  const { id, flinksSessionId: sessionId } = paymentIn(await pay(at, CREATION, newInput()));
  return { id, sessionId: sessionId ?? '' };
}

function watch(told: Told): Told {
  watching.push(told);
  return told;
}

describe('behind a backlog of lookups', () => {
  it('the backlog goes on while many watch, and is shown from the start', async () => {
    const [due, lag] = [
      await metricOf(gateway, 'flinks_pay_status_poll_due'),
      await metricOf(gateway, 'flinks_pay_status_poll_lag_seconds'),
    ];
    expect(due).toBeGreaterThan(DUE / 2);
    expect(lag).toBeGreaterThanOrEqual(HOUR_MS / 1_000);
    const payments = await Promise.all(Array.from({ length: 40 }, () => make()));
    for (const { id } of payments) watch(throughCurlByPost(gateway.url, id));
    await until(async () => (await metricOf(gateway, 'flinks_pay_status_poll_due')) < due - 20);
  });

  it('who watches a new payment hears of a change within the bound, over every transport', async () => {
    const watched = await Promise.all(
      SUBSCRIBERS.map(async ([, subscribe]) => {
        const payment = await make();
        return { ...payment, told: watch(subscribe(gateway.url, payment.id)) };
      }),
    );
    for (const { told } of watched) await told.isToldOf('INITIATED');
    await sandbox.setSwitches({ latencyMs: 200 });
    const movedMs = performance.now();
    for (const { sessionId } of watched) await sandbox.moveTo(sessionId, 'Settled');
    for (const { told } of watched) await told.isToldOf('SETTLED');
    expect(performance.now() - movedMs).toBeLessThan(BOUND_MS);
    expect(watched.flatMap(({ told }) => told.problems)).toEqual([]);
    expect(await metricOf(gateway, 'flinks_pay_status_poll_due')).toBeGreaterThan(DUE / 4);
  });

  it('who reads is answered with what Flinks says, also when it answers slowly', async () => {
    const { id, sessionId } = await make();
    await sandbox.moveTo(sessionId, 'Accepted');
    await sandbox.setSwitches({ latencyMs: 1_500 });
    // The backlog has all the places that it may have.
    await until(async () => (await sandbox.journal()).inFlight.now >= 6);
    const startedMs = performance.now();
    await until(async () => (await find(gateway, id))?.status === 'ACCEPTED');
    expect(performance.now() - startedMs).toBeLessThan(BOUND_MS);
  });
});

describe('a poll', () => {
  it('shows that nothing is due before there are payments, and asks for as many as its setting says', async () => {
    const slow = await start({
      STATUS_STALE_AFTER: '1ms',
      STATUS_POLLS_PER_SECOND_PER_REPLICA: '2',
    });
    expect((await slow.get('/metrics')).body).toContain('\nflinks_pay_status_poll_due 0\n');
    expect((await slow.get('/metrics')).body).toContain('\nflinks_pay_status_poll_lag_seconds 0\n');
    // Its backlog goes to the same sandbox, whose calls are counted here.
    await gateway.stop();
    for (let made = 0; made < 10; made++) await make(slow);
    const [asked, startedMs] = [await sandbox.calls('lookup'), performance.now()];
    await until(async () => (await sandbox.calls('lookup')) >= asked + 8);
    // Eight at two a tick are four ticks at least, so there are three pauses, of half a second or more each.
    expect(performance.now() - startedMs).toBeGreaterThan(1_400);
  });
});
