import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from '@jest/globals';
import { withSandbox } from '../support/fixture.js';
import type { TestGateway } from '../support/gateway.js';
import { CREATION, findPayment, newInput, pay, paymentIn } from '../support/payments.js';
import { ProxiedPostgres } from '../support/proxied-postgres.js';
import { connectTo } from '../support/raw-http.js';
import { until } from '../support/until.js';
import { BY_WEBHOOK_ONLY, deliver, inboxEmpty, metricOf, signatureOf } from '../support/webhooks.js';

const postgres = new ProxiedPostgres();
const { sandbox, addGateway, start } = withSandbox({ switches: { settleAfterMs: 0 }, services: [postgres] });
const direct = () => ({ ...BY_WEBHOOK_ONLY, DATABASE_URL: postgres.server.databaseUrl() });
const first = addGateway(direct);
const other = addGateway(() => ({ ...BY_WEBHOOK_ONLY, DATABASE_URL: postgres.url }));

/** An accepted payment, with its event, which was not delivered yet. */
async function acceptedPayment() {
  const input = newInput();
  const { id, flinksSessionId: sessionId } = paymentIn(await pay(first, CREATION, input));
  await sandbox.moveTo(sessionId ?? '', 'Accepted');
  return { id, event: JSON.stringify({ sessionId, status: 'Accepted', when: new Date().toISOString() }) };
}

async function isAccepted(gateway: TestGateway, id: string): Promise<boolean> {
  return (await findPayment(gateway, id))?.status === 'ACCEPTED';
}

describe('a webhook', () => {
  it('applies to a payment that another replica created', async () => {
    const { id, event } = await acceptedPayment();
    expect((await deliver(other, event)).status).toBe(200);
    await until(() => isAccepted(first, id));
    expect((await deliver(first, event)).status).toBe(200);
    expect(await metricOf(first, 'flinks_pay_webhooks_total{result="duplicate"}')).toBe(1);
  });

  it('is processed by another replica after the one that accepted it crashed', async () => {
    const crashing = await start(direct());
    const sessionId = randomUUID();
    const event = JSON.stringify({ sessionId, status: 'Accepted', when: new Date().toISOString() });
    expect((await deliver(crashing, event)).status).toBe(200);
    await crashing.kill();
    const attempts = async () =>
      (await postgres.query<{ attempts: number }>("select attempts from webhook_inbox where state = 'WAITING'"))[0]
        ?.attempts ?? 0;
    await until(async () => (await attempts()) > 1);
    await postgres.query("delete from webhook_inbox where state = 'WAITING'");
  });

  it('is rejected while the database does not respond, and accepted afterwards', async () => {
    const { id, event } = await acceptedPayment();
    postgres.cutOff();
    const rejected = await deliver(other, event);
    expect(rejected).toEqual({ status: 503, body: expect.stringContaining('SERVICE_UNAVAILABLE') });
    expect(await postgres.query(`select 1 from webhook_inbox where state = 'WAITING'`)).toEqual([]);
    postgres.reconnect();
    await until(async () => (await deliver(other, event)).status === 200);
    await until(() => isAccepted(first, id));
    await inboxEmpty(first);
  });

  it('is rejected with 503 by a replica that shuts down, and accepted by another one', async () => {
    const draining = await start(direct());
    const { event } = await acceptedPayment();
    const connection = connectTo(draining);
    await once(connection, 'connect');
    await sandbox.setSwitches({ latencyMs: 400 });
    const creation = pay(draining, CREATION, newInput());
    await sandbox.called();
    draining.signal('SIGTERM');
    await draining.logged('draining');
    connection.write(requestOf(event));
    expect(await text(connection)).toMatch(/^HTTP\/1.1 503 [^]+SHUTTING_DOWN/);
    await creation;
    expect(await draining.ended()).toBe(0);
    await sandbox.setSwitches({ latencyMs: 0 });
    expect((await deliver(first, event)).status).toBe(200);
  });

  it('in progress is processed before its replica ends', async () => {
    const ending = await start(direct());
    const { id, event } = await acceptedPayment();
    await sandbox.setSwitches({ latencyMs: 500 });
    expect((await deliver(ending, event)).status).toBe(200);
    await sandbox.called();
    ending.signal('SIGTERM');
    expect(await ending.ended()).toBe(0);
    expect(await isAccepted(first, id)).toBe(true);
    await sandbox.setSwitches({ latencyMs: 0 });
  });
});

/** The bytes of a delivery. */
function requestOf(body: string): string {
  const lines = ['POST /webhooks/flinks HTTP/1.1', 'host: gateway', `x-webhook-signature: ${signatureOf(body)}`];
  return [...lines, `content-length: ${Buffer.byteLength(body)}`, '', body].join('\r\n');
}
