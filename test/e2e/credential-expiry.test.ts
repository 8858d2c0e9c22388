import { describe, expect, it } from '@jest/globals';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { withGateway } from '../support/fixture.js';
import type { TestGateway } from '../support/gateway.js';
import { IdentityProvider } from '../support/identity-provider.js';
import { CREATION, newInput, requestOf } from '../support/payments.js';
import type { PaymentResult } from '../support/payments.js';
import { TestPostgres } from '../support/postgres.js';
import { TestRouter } from '../support/router.js';
import { until } from '../support/until.js';

const SUBSCRIPTION = 'subscription ($id: ID!) { paymentSessionUpdated(id: $id) { status } }';
/** In seconds: long enough to subscribe. The gateway adds its clock tolerance. */
const SOON = { expiresIn: 2 };

const EXPIRED_MESSAGE = 'Your credentials have expired. Subscribe again.';

const identity = new IdentityProvider();
const postgres = new TestPostgres();
const router = new TestRouter();
const environment = () => ({
  ...identity.environment(),
  AUTH_CLOCK_TOLERANCE: '0s',
  DATABASE_URL: postgres.databaseUrl(),
  SUBSCRIPTION_CALLBACK_HOSTS: router.host,
});
const { gateway, start } = withGateway({
  switches: { settleAfterMs: 0 },
  services: [identity, postgres, router],
  environment,
});

async function createPayment(): Promise<string> {
  const authorization = await identity.bearer();
  const { data } = await gateway.post<{ result: PaymentResult }>(requestOf(CREATION, newInput()), { authorization });
  return data?.result.paymentSession?.id ?? '';
}

/** Subscribes with a token that expires soon; returns the whole stream. */
async function streamOf(accept: string): Promise<string> {
  const response = await fetch(`${gateway.url}/graphql`, {
    method: 'POST',
    headers: { accept, 'content-type': 'application/json', authorization: await identity.bearer({}, SOON) },
    body: JSON.stringify({ query: SUBSCRIPTION, variables: { id: await createPayment() } }),
    signal: AbortSignal.timeout(20_000),
  });
  return response.text();
}

describe('a subscription ends with an error when its token expires', () => {
  it.each([
    ['server-sent events', 'text/event-stream', 'event: complete'],
    ['multipart responses', 'multipart/mixed;subscriptionSpec=1.0', '--graphql--'],
  ])('over %s', async (_what, accept, ending) => {
    const text = await streamOf(accept);
    const [first, error, completion] = ['"status":"INITIATED"', EXPIRED_MESSAGE, ending].map((part) =>
      text.indexOf(part),
    );
    expect(first).toBeGreaterThan(-1);
    expect(error).toBeGreaterThan(first ?? -1);
    expect(completion).toBeGreaterThan(error ?? -1);
    expect(text).toContain('"code":"UNAUTHENTICATED"');
  });

  it('over a WebSocket', async () => {
    const id = await createPayment();
    const authorization = await identity.bearer({}, SOON);
    const client = createClient({
      url: `${gateway.url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      connectionParams: { authorization },
      retryAttempts: 0,
    });
    const results: unknown[] = [];
    await new Promise<void>((resolve) => {
      const sink = { next: (result: unknown) => void results.push(result), error: () => resolve(), complete: resolve };
      client.subscribe({ query: SUBSCRIPTION, variables: { id } }, sink);
    });
    expect(results).toEqual([
      { data: { paymentSessionUpdated: { status: 'INITIATED' } } },
      { errors: [expect.objectContaining({ message: EXPIRED_MESSAGE })] },
    ]);
    await client.dispose();
  });

  it('over HTTP callbacks, also after another replica took it over', async () => {
    for (const isTakenOver of [false, true]) {
      const id = await createPayment();
      const replica = isTakenOver ? await start(environment()) : gateway;
      const authorization = await identity.bearer({}, SOON);
      const post: TestGateway['post'] = (body, headers) => replica.post(body, { ...headers, authorization });
      const { subscription, response } = await router.subscribe({ post }, id);
      expect(response.status).toBe(200);
      await subscription.received('INITIATED');
      if (isTakenOver) await replica.kill();
      await subscription.ended();
      expect(subscription.messagesOf('complete')).toMatchObject([
        { errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] },
      ]);
      expect(subscription.statuses).toEqual(['INITIATED']);
    }
    await until(async () => (await postgres.query('select * from callback_subscriptions')).length === 0);
  });
});
