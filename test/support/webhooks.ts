import { createHmac } from 'node:crypto';
import { request } from 'undici';
import type { TestGateway } from './gateway.js';
import type { TestSandbox } from './sandbox.js';
import { until } from './until.js';

/** The sandbox's. */
export const WEBHOOK_SECRET = 'sandbox-webhook-secret';

/** For a gateway that learns of payments by webhooks only: nothing is polled while a test runs. */
export const BY_WEBHOOK_ONLY = { FLINKS_WEBHOOK_SECRETS: WEBHOOK_SECRET, STATUS_STALE_AFTER: '1d' };

const JSON_TYPE = { 'content-type': 'application/json; charset=utf-8' };

export function webhookUrlOf({ url }: TestGateway): string {
  return `${url}/webhooks/flinks`;
}

/** Has the sandbox send its webhooks to a gateway from now on. */
export function sendWebhooksTo(gateway: TestGateway, sandbox: TestSandbox): Promise<unknown> {
  return sandbox.setSwitches({ webhookUrl: webhookUrlOf(gateway) });
}

export function signatureOf(body: string | Buffer, secret = WEBHOOK_SECRET): string {
  return `sha256=${createHmac('sha256', secret).update(body).digest('hex').toUpperCase()}`;
}

/** Posts bytes as Flinks would, rightly signed unless other headers are given; gives status and body of the answer. */
export async function deliver(
  gateway: TestGateway,
  body: string | Buffer,
  headers: Record<string, string> = { ...JSON_TYPE, 'x-webhook-signature': signatureOf(body) },
): Promise<{ status: number; body: string }> {
  const answer = await request(webhookUrlOf(gateway), { method: 'POST', headers, body });
  return { status: answer.statusCode, body: await answer.body.text() };
}

/** The value of one line of the metrics, such as `flinks_pay_webhooks_total{result="stored"}`; 0 when it is not there. */
export async function metricOf(gateway: TestGateway, name: string): Promise<number> {
  const { body } = await gateway.get('/metrics');
  const line = body.split('\n').find((each) => each.startsWith(`${name} `));
  return line === undefined ? 0 : Number(line.slice(name.length + 1));
}

/** Resolves when every event that came is acted upon. */
export function inboxEmpty(gateway: TestGateway): Promise<void> {
  return until(async () => (await metricOf(gateway, 'flinks_pay_webhook_inbox{state="WAITING"}')) === 0);
}
