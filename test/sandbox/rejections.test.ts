import { beforeEach, describe, expect, it } from '@jest/globals';
import { TestSandbox } from '../support/sandbox.js';
import { withService } from '../support/services.js';
import { SandboxClient, payment, type SandboxResponse } from './sandbox-client.js';

const sandbox = withService(new TestSandbox());
const client = new SandboxClient(sandbox);

beforeEach(async () => {
  await client.fetch('/sandbox/reset', { method: 'POST' });
});

const initiate = (body: object | string, headers?: Record<string, string>) =>
  client.post('sessions/initiate', body, headers);

async function expectRejection(response: SandboxResponse, status: number, result: string): Promise<void> {
  const detail: unknown = expect.stringMatching(/\w+ .*\.$/);
  expect(response).toMatchObject({ status, body: { type: 'about:blank', status, detail } });
  expect(await client.lastEntry()).toMatchObject({ result, status, detail });
}

describe('the authorize endpoint', () => {
  it('rejects a wrong password', async () => {
    const authorization = `Basic ${Buffer.from('sandbox:wrong').toString('base64')}`;
    await expectRejection(await client.authorize({ authorization }), 401, 'wrong-credentials');
  });

  it('rejects another grant type', async () => {
    await expectRejection(await client.authorize({}, 'grant_type=password'), 400, 'wrong-grant');
  });

  it.each(['application/json', 'nonsense'])('rejects the content type %s', async (type) => {
    await expectRejection(await client.authorize({ 'content-type': type }), 400, 'wrong-content-type');
  });
});

describe('the headers of a session', () => {
  it.each([
    ['missing-token', 401, { authorization: '' }],
    ['missing-token', 401, { authorization: 'Basic abc' }],
    ['unknown-token', 401, { authorization: 'Bearer 0b1f6a52' }],
    ['missing-base-uri', 400, { baseuri: '' }],
    ['wrong-base-uri', 400, { baseuri: 'production' }],
    ['wrong-content-type', 400, { 'content-type': 'text/plain' }],
  ])('cause the rejection %s with status %i when wrong', async (result, status, headers) => {
    await expectRejection(await initiate(payment, headers), status, result);
  });

  it('cause the rejection expired-token after the token has expired', async () => {
    await client.setSwitches({ tokenLifeSeconds: 0.05 });
    const authorization = `Bearer ${await client.token()}`;
    let response = await initiate(payment, { authorization });
    while (response.status === 200) response = await initiate(payment, { authorization });
    await client.setSwitches({ tokenLifeSeconds: 299 });
    await expectRejection(response, 401, 'expired-token');
  });
});

describe('the body of a session', () => {
  it.each(['{"amount":', '[]', 'null', ''])('is rejected as malformed when it is %p', async (body) => {
    await expectRejection(await initiate(body), 400, 'malformed-body');
  });

  it('is rejected when longer than 64 KiB', async () => {
    await expectRejection(await initiate({ ...payment, note: 'x'.repeat(65_536) }), 413, 'malformed-body');
  });

  it('is rejected with all missing fields at once', async () => {
    const response = await initiate({ amount: 1, customerName: null });
    await expectRejection(response, 400, 'missing-field');
    expect(response.body['detail']).toMatch(/customerName, customerEmail, userId, referenceId/);
  });

  it.each([
    ['zero', { amount: 0 }],
    ['below zero', { amount: -5 }],
    ['three decimals', { amount: 1.005 }],
    ['an exponent', { amount: 1e21 }],
    ['text for an amount', { amount: '125.50' }],
    ['no e-mail address', { customerEmail: 'alex' }],
    ['an empty name', { customerName: ' ' }],
    ['an invalid URL', { clientUrls: ['here'] }],
    ['the other spelling of URLs', { clientURIs: ['https://merchant.example'] }],
  ])('is rejected with %s', async (_case, change) => {
    await expectRejection(await initiate({ ...payment, ...change }), 400, 'invalid-field');
  });

  it('is rejected with all invalid fields at once', async () => {
    const { body } = await initiate({ ...payment, amount: 0, customerEmail: 'alex' });
    expect(body['detail']).toMatch(/customerEmail.*amount/);
  });
});

describe('a single-use token', () => {
  it('starts only one session', async () => {
    await client.setSwitches({ singleUseTokens: true });
    const authorization = `Bearer ${await client.token()}`;
    expect((await initiate({ ...payment, amount: 0 }, { authorization })).status).toBe(400);
    const { body } = await initiate(payment, { authorization });
    const second = await client.post('sessions/sendrequest', payment, { authorization });
    await expectRejection(second, 401, 'reused-token');
    const activation = await client.post('paymentrequests', { sessionId: body['sessionId'] }, { authorization });
    expect(activation.status).toBe(200);
    await client.setSwitches({ singleUseTokens: false });
  });
});

describe('the payment requests of the sandbox', () => {
  it('are rejected without a session id', async () => {
    await expectRejection(await client.post('paymentrequests', {}), 400, 'missing-field');
    await expectRejection(await client.post('paymentrequests', { sessionId: 7 }), 400, 'invalid-field');
  });

  it('are rejected for an unknown session', async () => {
    await expectRejection(await client.post('paymentrequests', { sessionId: 'nobody' }), 404, 'unknown-session');
  });

  it('are rejected for an activated session', async () => {
    const sessionId = await client.startedSession();
    await client.post('paymentrequests', { sessionId });
    await expectRejection(await client.post('paymentrequests', { sessionId }), 409, 'double-activation');
    expect(await client.results()).toEqual({ ok: 5, 'double-activation': 1 });
  });

  it('are not found by an unknown id', async () => {
    await expectRejection(await client.lookup('nobody'), 404, 'unknown-payment-request');
  });
});
