import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from '@jest/globals';
import { withSandbox } from '../support/fixture.js';
import type { TestGateway } from '../support/gateway.js';
import { CREATION, find, newInput, pay, paymentIn } from '../support/payments.js';
import { ProxiedPostgres } from '../support/proxied-postgres.js';
import { connectTo } from '../support/raw-http.js';
import { until } from '../support/until.js';
import { BY_WEBHOOK_ONLY, deliver, inboxEmpty, metricOf, signatureOf } from '../support/webhooks.js';

const postgres = new ProxiedPostgres();
const { sandbox, addGateway, start } = withSandbox({ switches: { settleAfterMs: 0 }, services: [postgres] });
const direct = () => ({ ...BY_WEBHOOK_ONLY, DATABASE_URL: postgres.server.databaseUrl() });
const one = addGateway(direct);
const other = addGateway(() => ({ ...BY_WEBHOOK_ONLY, DATABASE_URL: postgres.url }));

/** A payment that has just been accepted, and the event of it that is not sent yet. */
async function accepted() {
  const input = newInput();
  const { id, flinksSessionId: sessionId } = paymentIn(await pay(one, CREATION, input));
  await sandbox.moveTo(sessionId ?? '', 'Accepted');
  return { id, event: JSON.stringify({ sessionId, status: 'Accepted', when: new Date().toISOString() }) };
}

async function isAccepted(gateway: TestGateway, id: string): Promise<boolean> {
  return (await find(gateway, id))?.status === 'ACCEPTED';
}

describe('a webhook', () => {
  it('reaches the payment of another replica', async () => {
    const { id, event } = await accepted();
    expect((await deliver(other, event)).status).toBe(200);
    await until(() => isAccepted(one, id));
    expect((await deliver(one, event)).status).toBe(200);
    expect(await metricOf(one, 'flinks_pay_webhooks_total{result="duplicate"}')).toBe(1);
  });

  it('that was answered is seen to by others, though its replica dies', async () => {
    const dying = await start(direct());
    const sessionId = randomUUID();
    const event = JSON.stringify({ sessionId, status: 'Accepted', when: new Date().toISOString() });
    expect((await deliver(dying, event)).status).toBe(200);
    await dying.kill();
    const attempts = async () =>
      (await postgres.query<{ attempts: number }>("select attempts from webhook_inbox where state = 'WAITING'"))[0]
        ?.attempts ?? 0;
    await until(async () => (await attempts()) > 1);
    await postgres.query("delete from webhook_inbox where state = 'WAITING'");
  });

  it('is not taken while the store does not answer, and is when it does again', async () => {
    const { id, event } = await accepted();
    postgres.cutOff();
    const refused = await deliver(other, event);
    expect(refused).toEqual({ status: 503, body: expect.stringContaining('SERVICE_UNAVAILABLE') });
    expect(await postgres.query(`select 1 from webhook_inbox where state = 'WAITING'`)).toEqual([]);
    postgres.reconnect();
    await until(async () => (await deliver(other, event)).status === 200);
    await until(() => isAccepted(one, id));
    await inboxEmpty(one);
  });

  it('that comes to a replica that drains is refused, to be sent elsewhere', async () => {
    const draining = await start(direct());
    const { event } = await accepted();
    const connection = connectTo(draining);
    await once(connection, 'connect');
    await sandbox.setSwitches({ latencyMs: 400 });
    const underWay = pay(draining, CREATION, newInput());
    await sandbox.called();
    draining.signal('SIGTERM');
    await draining.logged('draining');
    connection.write(requestOf(event));
    expect(await text(connection)).toMatch(/^HTTP\/1.1 503 [^]+SHUTTING_DOWN/);
    await underWay;
    expect(await draining.ended()).toBe(0);
    await sandbox.setSwitches({ latencyMs: 0 });
    expect((await deliver(one, event)).status).toBe(200);
  });

  it('that is being acted upon is, before the replica ends', async () => {
    const ending = await start(direct());
    const { id, event } = await accepted();
    await sandbox.setSwitches({ latencyMs: 500 });
    expect((await deliver(ending, event)).status).toBe(200);
    await sandbox.called();
    ending.signal('SIGTERM');
    expect(await ending.ended()).toBe(0);
    expect(await isAccepted(one, id)).toBe(true);
    await sandbox.setSwitches({ latencyMs: 0 });
  });
});

/** The bytes of a delivery. */
function requestOf(body: string): string {
  const lines = ['POST /webhooks/flinks HTTP/1.1', 'host: gateway', `x-webhook-signature: ${signatureOf(body)}`];
  return [...lines, `content-length: ${Buffer.byteLength(body)}`, '', body].join('\r\n');
}
