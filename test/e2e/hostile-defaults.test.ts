import { describe, expect, it } from '@jest/globals';
import { withSandbox } from '../support/fixture.js';
import type { TestGateway } from '../support/gateway.js';
import { SEND, CREATION, findPayment, newInput, pay, paymentIn } from '../support/payments.js';
import { TestPgbouncer, describeBehindPooler } from '../support/pgbouncer.js';
import { HOSTILE_SETTINGS, TestPostgres } from '../support/postgres.js';
import { withService } from '../support/services.js';
import { BY_WEBHOOK_ONLY, deliver, inboxEmpty } from '../support/webhooks.js';

const PAYMENTS = 24;

const postgres = withService(new TestPostgres());
const { sandbox, start, output } = withSandbox({ switches: { settleAfterMs: 0 }, per: 'test' });

type Replicas = readonly [TestGateway, TestGateway];

function startTwo(databaseUrl: string): Promise<Replicas> {
  // This limit rejects nothing, but makes the gateway claim keys one after the other.
  const environment = { ...BY_WEBHOOK_ONLY, RATE_LIMIT_PAYMENTS_PER_CLIENT: '1000000/1m', DATABASE_URL: databaseUrl };
  return Promise.all([start(environment), start(environment)]);
}

/** Creates payments at both replicas, delivers the webhook events of each several times to both, and checks that all are accepted. */
async function payAndDeliverEvents([one, other]: Replicas): Promise<void> {
  const inputs = Array.from({ length: PAYMENTS }, newInput);
  const results = await Promise.all(
    inputs.map((input, number) => pay(number % 2 === 0 ? one : other, number % 4 < 2 ? CREATION : SEND, input)),
  );
  const ids = results.map((result) => paymentIn(result).id);
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
  for (const id of ids) expect(await findPayment(other, id)).toMatchObject({ status: 'ACCEPTED' });
}

/** Ends the replicas, and checks that they logged no errors. */
async function endWithoutErrors(replicas: Replicas): Promise<void> {
  await Promise.all(replicas.map((replica) => replica.kill()));
  expect(output()).not.toMatch(/SERVICE_UNAVAILABLE|"level":"(error|fatal)"/);
}

describe('two replicas on a database that defaults to serializable transactions and asynchronous commits', () => {
  it('fail no call', async () => {
    const replicas = await startTwo(postgres.databaseUrl(await postgres.createDatabase('', HOSTILE_SETTINGS)));
    await payAndDeliverEvents(replicas);
    await endWithoutErrors(replicas);
  });

  describeBehindPooler('behind a pooler', () => {
    it('fail no call, and log once that change notifications are degraded', async () => {
      const pooler = await TestPgbouncer.start(postgres.port);
      const replicas = await startTwo(pooler.databaseUrl(await postgres.createDatabase('', HOSTILE_SETTINGS)));
      try {
        await payAndDeliverEvents(replicas);
        await endWithoutErrors(replicas);
        for (const { output } of replicas)
          expect(output.match(/change notifications (degraded|active)/g)).toHaveLength(1);
      } finally {
        await pooler.stop();
      }
    });
  });
});
