import { beforeEach, describe, expect, it } from '@jest/globals';
import { CreatePaymentSessionDocument, SendPaymentRequestDocument } from '../../client/src/generated/operations.js';
import { createVariables, sendVariables } from '../support/examples.js';
import { FAULTS, EXPECTED_RESULTS, expectedCreation, expectedSend } from '../support/faults.js';
import { withGateway } from '../support/fixture.js';

const CALL_TIMEOUT_MS = 300;
const MUTATION_TIMEOUT_MS = 2_500;
const BUSY_MS = 2_000;
const FOREVER = 1_000;

/** Fails if the result comes after the deadline, plus the time that a busy machine takes to write it. */
async function inTime<T>(mutation: Promise<T>): Promise<T> {
  const startedMs = performance.now();
  const result = await mutation;
  expect(performance.now() - startedMs).toBeLessThan(MUTATION_TIMEOUT_MS + BUSY_MS);
  return result;
}

/** A gateway with short timeouts, and the mutations through it. */
function withShortTimeouts(per: 'suite' | 'test', sendRequestNeedsActivation = false) {
  const environment = {
    FLINKS_TOKEN_POLICY: 'reusable',
    FLINKS_TIMEOUT: `${CALL_TIMEOUT_MS}ms`,
    MUTATION_TIMEOUT: `${MUTATION_TIMEOUT_MS}ms`,
    FLINKS_API_VARIANT: `sendRequestNeedsActivation=${String(sendRequestNeedsActivation)}`,
  };
  const { sandbox, gateway } = withGateway({ switches: { sendRequestNeedsActivation }, environment, per });
  return {
    sandbox,
    gateway,
    create: async () =>
      (await inTime(gateway.run(CreatePaymentSessionDocument, createVariables()))).data?.createPaymentSession,
    send: async () => (await inTime(gateway.run(SendPaymentRequestDocument, sendVariables()))).data?.sendPaymentRequest,
    /** Makes the next payment get a new token. A gateway whose credentials were rejected waits before that, so it restarts. */
    forgetTokens: async () => {
      await sandbox.reset();
      if (!(await gateway.get('/health/ready')).body.includes('PROVIDER_MISCONFIGURED')) return;
      await gateway.kill();
      await gateway.start(sandbox.url, environment);
    },
  };
}

describe.each(['authorize', 'initiate', 'activate'] as const)('a single fault of %s', (endpoint) => {
  const { sandbox, create, forgetTokens } = withShortTimeouts('suite');
  if (endpoint === 'authorize') beforeEach(forgetTokens);

  it.each(FAULTS)('gives a creation its documented result: %s', async (_label, fault, effect) => {
    await sandbox.addFault({ endpoint, ...fault });
    expect(await create()).toMatchObject(expectedCreation(endpoint, fault, effect));
  });
});

describe.each(['authorize', 'sendrequest', 'activate'] as const)('a single fault of %s', (endpoint) => {
  const { sandbox, send, forgetTokens } = withShortTimeouts('suite', endpoint === 'activate');
  if (endpoint === 'authorize') beforeEach(forgetTokens);

  it.each(FAULTS)('gives a send its documented result: %s', async (_label, fault, effect) => {
    await sandbox.addFault({ endpoint, ...fault });
    const { length: before } = await sandbox.outbox();
    const expected = expectedSend(endpoint, fault, effect);
    expect(await send()).toMatchObject(expected);
    const sent = endpoint === 'activate' || expected === EXPECTED_RESULTS.sent || fault.when === 'after-work';
    expect(await sandbox.outbox()).toHaveLength(before + (sent ? 1 : 0));
  });
});

describe('a lasting fault of Flinks', () => {
  const { sandbox, gateway, create, send } = withShortTimeouts('test');

  it.each([
    ['authorize', { kind: 'status', status: 500 }],
    ['authorize', { kind: 'hang' }],
    ['initiate', { kind: 'cut' }],
    ['initiate', { kind: 'hang' }],
    ['initiate', { kind: 'status', status: 429 }],
    ['activate', { kind: 'cut', when: 'after-work' }],
    ['activate', { kind: 'html' }],
  ] as const)('makes a creation unavailable, never unknown: %s %p', async (endpoint, fault) => {
    await sandbox.addFault({ endpoint, ...fault, count: FOREVER });
    expect(await create()).toMatchObject(EXPECTED_RESULTS.unavailable);
  });

  it('with status 429 passes its retry delay on to the client', async () => {
    await sandbox.addFault({
      endpoint: 'sendrequest',
      kind: 'status',
      status: 429,
      retryAfterSeconds: 7,
      count: FOREVER,
    });
    expect(await send()).toMatchObject({ ...EXPECTED_RESULTS.unavailable, retryAfterMs: 7_000 });
    expect(await sandbox.calls('sendrequest')).toBe(1);
  });

  it('that rejects new tokens is a misconfiguration', async () => {
    await sandbox.addFault({ endpoint: 'sendrequest', kind: 'unauthorized', count: 2 });
    expect(await send()).toMatchObject(EXPECTED_RESULTS.misconfigured);
    expect(await sandbox.outbox()).toEqual([]);
  });

  it('opens the circuit, which closes after the fault has ended', async () => {
    await sandbox.addFault({ endpoint: 'initiate', kind: 'status', status: 500, count: FOREVER });
    while (!(await gateway.get('/health/ready')).body.includes('"circuit":"open"'))
      expect(await create()).toMatchObject(EXPECTED_RESULTS.unavailable);
    const calls = await sandbox.calls('initiate');
    const startedMs = performance.now();
    expect(await create()).toMatchObject({ ...EXPECTED_RESULTS.unavailable, retryAfterMs: 2_000 });
    expect(performance.now() - startedMs).toBeLessThan(CALL_TIMEOUT_MS);
    expect(await sandbox.calls('initiate')).toBe(calls);
    await sandbox.reset();
    let recovered;
    while (recovered?.__typename !== EXPECTED_RESULTS.created.__typename) recovered = await create();
    expect((await gateway.get('/health/ready')).body).toContain('"circuit":"closed"');
  });

  it('that refuses connections makes creations and sends unavailable, never unknown', async () => {
    await sandbox.stop();
    expect(await create()).toMatchObject(EXPECTED_RESULTS.unavailable);
    expect(await send()).toMatchObject(EXPECTED_RESULTS.unavailable);
  });
});

describe('an activation whose response was lost', () => {
  const { sandbox, send } = withShortTimeouts('test', true);

  it('is repeated for the same session of a send', async () => {
    await sandbox.addFault({ endpoint: 'activate', kind: 'cut', when: 'after-work' });
    expect(await send()).toMatchObject(EXPECTED_RESULTS.sent);
    expect(await sandbox.results('double-activation')).toBe(1);
    expect(await sandbox.sessions()).toHaveLength(1);
  });
});
