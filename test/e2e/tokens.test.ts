import { describe, expect, it } from '@jest/globals';
import { CreatePaymentSessionDocument } from '../../client/src/generated/operations.js';
import type { Switches } from '../../sandbox/switches.js';
import { createVariables } from '../support/examples.js';
import { withSandbox } from '../support/fixture.js';
import type { TestGateway } from '../support/gateway.js';
import { SEND, newInput, pay } from '../support/payments.js';
import { until } from '../support/until.js';

const { sandbox, start } = withSandbox({ per: 'test' });
let gateway: TestGateway;

async function startWith(switches: Partial<Switches>, environment: Record<string, string> = {}): Promise<void> {
  await sandbox.setSwitches(switches);
  gateway = await start({ FLINKS_TOKEN_POLICY: 'auto', ...environment });
}

async function create(): Promise<string | undefined> {
  const answer = await gateway.run(CreatePaymentSessionDocument, createVariables());
  return answer.data?.createPaymentSession.__typename;
}

/** What a send is answered with, and the code of a failure. */
async function send(): Promise<string> {
  const { __typename, code } = await pay(gateway, SEND, newInput());
  return code === undefined ? __typename : `${__typename} ${code}`;
}

async function createOneByOne(count: number): Promise<Set<string | undefined>> {
  const outcomes = new Set<string | undefined>();
  for (let made = 0; made < count; made++) outcomes.add(await create());
  return outcomes;
}

/** Credentials that were refused are not tried again before that. */
const LEAST_PAUSE_MS = 5_000;

const ALL_SUCCEEDED = new Set(['CreatePaymentSessionSuccess']);

describe('access tokens, seen by the sandbox', () => {
  it('auto makes one authorize for 100 creations', async () => {
    await startWith({});
    expect(await createOneByOne(100)).toEqual(ALL_SUCCEEDED);
    expect((await sandbox.journal()).counts.calls).toEqual({ authorize: 1, initiate: 100, activate: 100 });
    const ready = JSON.parse((await gateway.get('/health/ready')).body) as { flinks: { tokens: unknown } };
    expect(ready.flinks.tokens).toEqual({ policy: 'auto', detected: 'reusable' });
  });

  it('auto learns single-use at the price of one refusal', async () => {
    await startWith({ singleUseTokens: true });
    expect(await createOneByOne(100)).toEqual(ALL_SUCCEEDED);
    expect(await sandbox.results('reused-token')).toBe(1);
    expect((await gateway.get('/metrics')).body).toContain('flinks_pay_token_policy{policy="single-use"} 1');
    await gateway.logged('detected how');
    expect(gateway.output.match(/detected how Flinks treats access tokens/g)).toHaveLength(1);
  });

  it('auto learns once however many callers start at once', async () => {
    await startWith({ singleUseTokens: true });
    const outcomes = await Promise.all(Array.from({ length: 100 }, create));
    expect(new Set(outcomes)).toEqual(ALL_SUCCEEDED);
    expect(await sandbox.results('reused-token')).toBe(1);
  });

  it('single-use never reuses a token', async () => {
    await startWith({ singleUseTokens: true }, { FLINKS_TOKEN_POLICY: 'single-use' });
    const outcomes = await Promise.all(Array.from({ length: 100 }, create));
    expect(new Set(outcomes)).toEqual(ALL_SUCCEEDED);
    expect(await createOneByOne(20)).toEqual(ALL_SUCCEEDED);
    expect(await sandbox.results('reused-token')).toBe(0);
  });

  it.each(['auto', 'reusable'])('500 creations at a cold start share one authorize (%s)', async (policy) => {
    await startWith({ latencyMs: 20 }, { FLINKS_TOKEN_POLICY: policy });
    const outcomes = await Promise.all(Array.from({ length: 500 }, create));
    expect(new Set(outcomes)).toEqual(ALL_SUCCEEDED);
    const journal = await sandbox.journal();
    expect(journal.counts.calls).toEqual({ authorize: 1, initiate: 500, activate: 500 });
    expect(journal.inFlight.max).toBeLessThanOrEqual(64);
  });

  it('renews ahead of expiry while tokens are used', async () => {
    await startWith({ tokenLifeSeconds: 1 });
    const end = performance.now() + 2_500;
    const outcomes = new Set<string | undefined>();
    while (performance.now() < end) outcomes.add(await create());
    expect(outcomes).toEqual(ALL_SUCCEEDED);
    expect(await sandbox.results('expired-token')).toBe(0);
    expect(await sandbox.calls('authorize')).toBeLessThanOrEqual(5);
  });

  it('replays once after a live token is revoked', async () => {
    await startWith({});
    await createOneByOne(3);
    await sandbox.addFault({ endpoint: 'initiate', kind: 'unauthorized' });
    expect(await create()).toBe('CreatePaymentSessionSuccess');
    expect(await sandbox.calls('authorize')).toBe(2);
  });

  it('wrong credentials are told and are not a storm', async () => {
    await startWith({ password: 'another' });
    const answer = await gateway.run(CreatePaymentSessionDocument, createVariables());
    expect(answer.data?.createPaymentSession).toMatchObject({
      __typename: 'PaymentProviderUnavailableError',
      code: 'PROVIDER_MISCONFIGURED',
      retryAdvice: 'SAME_KEY',
      requestId: answer.requestId,
    });
    expect(await sandbox.calls('authorize')).toBe(1);
    const ready = await gateway.get('/health/ready');
    expect(ready.status).toBe(200);
    expect(ready.body).toContain('"status":"PROVIDER_MISCONFIGURED","problem":"authorize refused the credentials"');
    await gateway.logged('"code":"PROVIDER_MISCONFIGURED"');
    await sandbox.setSwitches({ password: 'sandbox-password' });
    await until(async () => (await create()) === 'CreatePaymentSessionSuccess');
    expect(await sandbox.calls('authorize')).toBe(2);
  });

  it.each([
    ['auto', 20],
    ['reusable', 200],
    ['single-use', 20],
    ['single-use', 200],
  ])('wrong credentials are tried once under load (%s, %i sends)', async (policy, count) => {
    await startWith({ password: 'another', latencyMs: 20 }, { FLINKS_TOKEN_POLICY: policy });
    const sends = () => Promise.all(Array.from({ length: count }, send));
    const startedMs = performance.now();
    expect(new Set(await sends())).toEqual(new Set(['PaymentProviderUnavailableError PROVIDER_MISCONFIGURED']));
    expect(await sandbox.calls('authorize')).toBe(1);
    expect(new Set(await sends())).toEqual(new Set(['PaymentProviderUnavailableError PROVIDER_MISCONFIGURED']));
    const pauses = Math.floor((performance.now() - startedMs) / LEAST_PAUSE_MS);
    expect(await sandbox.calls('authorize')).toBeLessThanOrEqual(1 + pauses);
    await sandbox.setSwitches({ password: 'sandbox-password' });
    await until(async () => (await send()) === SEND.success);
    expect(new Set(await sends())).toEqual(new Set([SEND.success]));
    expect(await sandbox.outbox()).toHaveLength(count + 1);
  });

  it('shows no words of a refused authorize but in the log', async () => {
    await startWith({});
    await sandbox.addFault({ endpoint: 'authorize', kind: 'status', status: 400 });
    expect(await create()).toBe('PaymentProviderUnavailableError');
    expect((await gateway.get('/health/ready')).body).toContain('"problem":"authorize responded 400"');
    await gateway.logged('"message":"');
  });
});
