import { describe, expect, it } from '@jest/globals';
import { withSandbox, withService } from '../support/fixture.js';
import type { TestGateway } from '../support/gateway.js';
import { SEND, CREATION, find, newInput, pay, paymentIn } from '../support/payments.js';
import { TestPgbouncer, describeBehindPooler } from '../support/pgbouncer.js';
import { HOSTILE, TestPostgres } from '../support/postgres.js';
import { BY_WEBHOOK_ONLY, deliver, inboxEmpty } from '../support/webhooks.js';

const PAYMENTS = 24;

const postgres = withService(new TestPostgres());
const { sandbox, start, output } = withSandbox({ switches: { settleAfterMs: 0 }, per: 'test' });

type Replicas = readonly [TestGateway, TestGateway];

function startTwo(databaseUrl: string): Promise<Replicas> {
  // Refuses nothing, but claims are then made one after the other.
  const environment = { ...BY_WEBHOOK_ONLY, RATE_LIMIT_PAYMENTS_PER_CLIENT: '1000000/1m', DATABASE_URL: databaseUrl };
  return Promise.all([start(environment), start(environment)]);
}

/** Payments at both replicas, and the webhooks of all of them, each several times and at both; then all are accepted. */
async function payAndHear([one, other]: Replicas): Promise<void> {
  const inputs = Array.from({ length: PAYMENTS }, newInput);
  const answers = await Promise.all(
    inputs.map((input, number) => pay(number % 2 === 0 ? one : other, number % 4 < 2 ? CREATION : SEND, input)),
  );
  const ids = answers.map((answer) => paymentIn(answer).id);
  const emails = new Set(inputs.map(({ customer }) => customer.email));
  const sessions = (await sandbox.sessions()).filter(({ customerEmail }) => emails.has(customerEmail));
  expect(sessions).toHaveLength(PAYMENTS);
  for (const { sessionId } of sessions) await sandbox.moveTo(sessionId, 'Accepted');
  const deliveries = sessions.flatMap(({ sessionId }) => {
    const event = JSON.stringify({ sessionId, status: 'Accepted', when: new Date().toISOString() });
    return [one, other, one].map((replica) => deliver(replica, event));
  });
  for (const { status } of await Promise.all(deliveries)) expect(status).toBe(200);
  await inboxEmpty(one);
  for (const id of ids) expect(await find(other, id)).toMatchObject({ status: 'ACCEPTED' });
}

/** Ends the replicas, and then looks at all that they wrote. */
async function endCalmly(replicas: Replicas): Promise<void> {
  await Promise.all(replicas.map((replica) => replica.kill()));
  expect(output()).not.toMatch(/SERVICE_UNAVAILABLE|"level":"(error|fatal)"/);
}

describe('a database whose sessions are serializable and do not wait for the disk', () => {
  it('costs two replicas no call', async () => {
    const replicas = await startTwo(postgres.databaseUrl(await postgres.createDatabase('', HOSTILE)));
    await payAndHear(replicas);
    await endCalmly(replicas);
  });

  describeBehindPooler('behind a pooler', () => {
    it('costs two replicas no call, and they say once that they hear of each other late', async () => {
      const pooler = await TestPgbouncer.start(postgres.port);
      const replicas = await startTwo(pooler.databaseUrl(await postgres.createDatabase('', HOSTILE)));
      try {
        await payAndHear(replicas);
        await endCalmly(replicas);
        for (const { output } of replicas)
          expect(output.match(/change notifications (degraded|active)/g)).toHaveLength(1);
      } finally {
        await pooler.stop();
      }
    });
  });
});
