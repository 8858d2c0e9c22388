import { describe, expect, it } from '@jest/globals';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { withGateway } from '../support/fixture.js';
import type { TestGateway } from '../support/gateway.js';
import { IdentityProvider } from '../support/identity-provider.js';
import { CREATION, newInput, requestOf } from '../support/payments.js';
import type { Answer } from '../support/payments.js';
import { TestPostgres } from '../support/postgres.js';
import { TestRouter } from '../support/router.js';
import { until } from '../support/until.js';

const SUBSCRIPTION = 'subscription ($id: ID!) { paymentSessionUpdated(id: $id) { status } }';
/** Long enough to subscribe; the gateway waits as much longer as clocks may differ. */
const SHORT = { expiresIn: 2 };

const RUN_OUT = 'Your credentials have expired. Subscribe again.';

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

async function make(): Promise<string> {
  const authorization = await identity.bearer();
  const { data } = await gateway.post<{ answer: Answer }>(requestOf(CREATION, newInput()), { authorization });
  return data?.answer.paymentSession?.id ?? '';
}

/** Asks for a stream with a token that runs out soon; gives all of it. */
async function streamOf(accept: string): Promise<string> {
  const answer = await fetch(`${gateway.url}/graphql`, {
    method: 'POST',
    headers: { accept, 'content-type': 'application/json', authorization: await identity.bearer({}, SHORT) },
    body: JSON.stringify({ query: SUBSCRIPTION, variables: { id: await make() } }),
    signal: AbortSignal.timeout(20_000),
  });
  return answer.text();
}

describe('a subscription whose token runs out ends with an error', () => {
  it.each([
    ['server-sent events', 'text/event-stream', 'event: complete'],
    ['parts', 'multipart/mixed;subscriptionSpec=1.0', '--graphql--'],
  ])('over %s', async (_what, accept, end) => {
    const text = await streamOf(accept);
    const [told, error, over] = ['"status":"INITIATED"', RUN_OUT, end].map((part) => text.indexOf(part));
    expect(told).toBeGreaterThan(-1);
    expect(error).toBeGreaterThan(told ?? -1);
    expect(over).toBeGreaterThan(error ?? -1);
    expect(text).toContain('"code":"UNAUTHENTICATED"');
  });

  it('over a WebSocket', async () => {
    const id = await make();
    const authorization = await identity.bearer({}, SHORT);
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
      { errors: [expect.objectContaining({ message: RUN_OUT })] },
    ]);
    await client.dispose();
  });

  it('over callbacks, and also where another replica took it over', async () => {
    for (const isTakenOver of [false, true]) {
      const id = await make();
      const asked = isTakenOver ? await start(environment()) : gateway;
      const authorization = await identity.bearer({}, SHORT);
      const post: TestGateway['post'] = (body, headers) => asked.post(body, { ...headers, authorization });
      const { subscription, answer } = await router.subscribe({ post }, id);
      expect(answer.status).toBe(200);
      await subscription.isToldOf('INITIATED');
      if (isTakenOver) await asked.kill();
      await subscription.isOver();
      expect(subscription.of('complete')).toMatchObject([{ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] }]);
      expect(subscription.statuses).toEqual(['INITIATED']);
    }
    await until(async () => (await postgres.query('select * from callback_subscriptions')).length === 0);
  });
});
