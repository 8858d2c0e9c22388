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
  const response = await gateway.run(CreatePaymentSessionDocument, createVariables());
  return response.data?.createPaymentSession.__typename;
}

/** The type of the result of a send, with the code of a failure. */
async function send(): Promise<string> {
  const { __typename, code } = await pay(gateway, SEND, newInput());
  return code === undefined ? __typename : `${__typename} ${code}`;
}

async function createOneByOne(count: number): Promise<Set<string | undefined>> {
  const types = new Set<string | undefined>();
  for (let index = 0; index < count; index++) types.add(await create());
  return types;
}

/** Rejected credentials are not tried again earlier. */
const MIN_PAUSE_MS = 5_000;

const ALL_SUCCEEDED = new Set(['CreatePaymentSessionSuccess']);

describe('the access tokens of a gateway', () => {
  it('are requested once for 100 creations with the policy auto', async () => {
    await startWith({});
    expect(await createOneByOne(100)).toEqual(ALL_SUCCEEDED);
    expect((await sandbox.journal()).counts.calls).toEqual({ authorize: 1, initiate: 100, activate: 100 });
    const ready = JSON.parse((await gateway.get('/health/ready')).body) as { flinks: { tokens: unknown } };
    expect(ready.flinks.tokens).toEqual({ policy: 'auto', detected: 'reusable' });
  });

  it('are detected as single-use after one rejection with the policy auto', async () => {
    await startWith({ singleUseTokens: true });
    expect(await createOneByOne(100)).toEqual(ALL_SUCCEEDED);
    expect(await sandbox.results('reused-token')).toBe(1);
    expect((await gateway.get('/metrics')).body).toContain('flinks_pay_token_policy{policy="single-use"} 1');
    await gateway.logged('detected how');
    expect(gateway.output.match(/detected how Flinks treats access tokens/g)).toHaveLength(1);
  });

  it('are detected as single-use once when many calls start simultaneously', async () => {
    await startWith({ singleUseTokens: true });
    const types = await Promise.all(Array.from({ length: 100 }, create));
    expect(new Set(types)).toEqual(ALL_SUCCEEDED);
    expect(await sandbox.results('reused-token')).toBe(1);
  });

  it('are never reused with the policy single-use', async () => {
    await startWith({ singleUseTokens: true }, { FLINKS_TOKEN_POLICY: 'single-use' });
    const types = await Promise.all(Array.from({ length: 100 }, create));
    expect(new Set(types)).toEqual(ALL_SUCCEEDED);
    expect(await createOneByOne(20)).toEqual(ALL_SUCCEEDED);
    expect(await sandbox.results('reused-token')).toBe(0);
  });

  it.each(['auto', 'reusable'])(
    'are requested once for 500 simultaneous creations after a start with the policy %s',
    async (policy) => {
      await startWith({ latencyMs: 20 }, { FLINKS_TOKEN_POLICY: policy });
      const types = await Promise.all(Array.from({ length: 500 }, create));
      expect(new Set(types)).toEqual(ALL_SUCCEEDED);
      const journal = await sandbox.journal();
      expect(journal.counts.calls).toEqual({ authorize: 1, initiate: 500, activate: 500 });
      expect(journal.inFlight.max).toBeLessThanOrEqual(64);
    },
  );

  it('are renewed before they expire while they are used', async () => {
    await startWith({ tokenLifeSeconds: 1 });
    const end = performance.now() + 2_500;
    const types = new Set<string | undefined>();
    while (performance.now() < end) types.add(await create());
    expect(types).toEqual(ALL_SUCCEEDED);
    expect(await sandbox.results('expired-token')).toBe(0);
    expect(await sandbox.calls('authorize')).toBeLessThanOrEqual(5);
  });

  it('are renewed once, and the request is repeated, after Flinks revokes a valid one', async () => {
    await startWith({});
    await createOneByOne(3);
    await sandbox.addFault({ endpoint: 'initiate', kind: 'unauthorized' });
    expect(await create()).toBe('CreatePaymentSessionSuccess');
    expect(await sandbox.calls('authorize')).toBe(2);
  });

  it('are requested once with wrong credentials, which the result and the health check report', async () => {
    await startWith({ password: 'another' });
    const response = await gateway.run(CreatePaymentSessionDocument, createVariables());
    expect(response.data?.createPaymentSession).toMatchObject({
      __typename: 'PaymentProviderUnavailableError',
      code: 'PROVIDER_MISCONFIGURED',
      retryAdvice: 'SAME_KEY',
      requestId: response.requestId,
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
  ])('are requested once with wrong credentials under load, with the policy %s and %i sends', async (policy, count) => {
    await startWith({ password: 'another', latencyMs: 20 }, { FLINKS_TOKEN_POLICY: policy });
    const sends = () => Promise.all(Array.from({ length: count }, send));
    const startedMs = performance.now();
    expect(new Set(await sends())).toEqual(new Set(['PaymentProviderUnavailableError PROVIDER_MISCONFIGURED']));
    expect(await sandbox.calls('authorize')).toBe(1);
    expect(new Set(await sends())).toEqual(new Set(['PaymentProviderUnavailableError PROVIDER_MISCONFIGURED']));
    const pauses = Math.floor((performance.now() - startedMs) / MIN_PAUSE_MS);
    expect(await sandbox.calls('authorize')).toBeLessThanOrEqual(1 + pauses);
    await sandbox.setSwitches({ password: 'sandbox-password' });
    await until(async () => (await send()) === SEND.success);
    expect(new Set(await sends())).toEqual(new Set([SEND.success]));
    expect(await sandbox.outbox()).toHaveLength(count + 1);
  });
});

describe('the readiness check', () => {
  it('reports a failed authorize without the error text of Flinks, which only the log has', async () => {
    await startWith({});
    await sandbox.addFault({ endpoint: 'authorize', kind: 'status', status: 400 });
    expect(await create()).toBe('PaymentProviderUnavailableError');
    expect((await gateway.get('/health/ready')).body).toContain('"problem":"authorize responded 400"');
    await gateway.logged('"message":"');
  });
});
