import { createHmac } from 'node:crypto';
import { request } from 'undici';
import type { TestGateway } from './gateway.js';
import type { TestSandbox } from './sandbox.js';
import { until } from './until.js';

/** The secret with which the sandbox signs webhooks. */
export const WEBHOOK_SECRET = 'sandbox-webhook-secret';

/** The environment of a gateway that gets statuses by webhook only, because it does not poll during a test. */
export const BY_WEBHOOK_ONLY = { FLINKS_WEBHOOK_SECRETS: WEBHOOK_SECRET, STATUS_STALE_AFTER: '1d' };

const JSON_TYPE = { 'content-type': 'application/json; charset=utf-8' };

export function webhookUrlOf({ url }: TestGateway): string {
  return `${url}/webhooks/flinks`;
}

/** Makes the sandbox send its webhooks to a gateway. */
export function sendWebhooksTo(gateway: TestGateway, sandbox: TestSandbox): Promise<unknown> {
  return sandbox.setSwitches({ webhookUrl: webhookUrlOf(gateway) });
}

export function signatureOf(body: string | Buffer, secret = WEBHOOK_SECRET): string {
  return `sha256=${createHmac('sha256', secret).update(body).digest('hex').toUpperCase()}`;
}

/** Posts a webhook as Flinks does, with a valid signature unless other headers are given. Returns the status and the body. */
export async function deliver(
  gateway: TestGateway,
  body: string | Buffer,
  headers: Record<string, string> = { ...JSON_TYPE, 'x-webhook-signature': signatureOf(body) },
): Promise<{ status: number; body: string }> {
  const response = await request(webhookUrlOf(gateway), { method: 'POST', headers, body });
  return { status: response.statusCode, body: await response.body.text() };
}

/** The value of one line of the metrics, such as `flinks_pay_webhooks_total{result="stored"}`; 0 if it is missing. */
export async function metricOf(gateway: TestGateway, name: string): Promise<number> {
  const { body } = await gateway.get('/metrics');
  const line = body.split('\n').find((each) => each.startsWith(`${name} `));
  return line === undefined ? 0 : Number(line.slice(name.length + 1));
}

/** Resolves when all received events have been processed. */
export function inboxEmpty(gateway: TestGateway): Promise<void> {
  return until(async () => (await metricOf(gateway, 'flinks_pay_webhook_inbox{state="WAITING"}')) === 0);
}
