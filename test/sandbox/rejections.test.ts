import { beforeEach, describe, expect, it } from '@jest/globals';
import { withSandbox } from '../support/fixture.js';
import { Caller, payment, type Reply } from './caller.js';

const { sandbox } = withSandbox();
const caller = new Caller(sandbox);

beforeEach(async () => {
  await caller.fetch('/sandbox/reset', { method: 'POST' });
});

const initiate = (body: object | string, headers?: Record<string, string>) =>
  caller.post('sessions/initiate', body, headers);

async function expectRejection(reply: Reply, status: number, result: string): Promise<void> {
  const detail: unknown = expect.stringMatching(/\w+ .*\.$/);
  expect(reply).toMatchObject({ status, body: { type: 'about:blank', status, detail } });
  expect(await caller.lastEntry()).toMatchObject({ result, status, detail });
}

describe('authorize', () => {
  it('refuses a wrong password', async () => {
    const authorization = `Basic ${Buffer.from('sandbox:wrong').toString('base64')}`;
    await expectRejection(await caller.authorize({ authorization }), 401, 'wrong-credentials');
  });

  it('refuses another grant', async () => {
    await expectRejection(await caller.authorize({}, 'grant_type=password'), 400, 'wrong-grant');
  });

  it.each(['application/json', 'nonsense'])('refuses the content type %s', async (type) => {
    await expectRejection(await caller.authorize({ 'content-type': type }), 400, 'wrong-content-type');
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
  ])('get %s with %i when wrong', async (result, status, headers) => {
    await expectRejection(await initiate(payment, headers), status, result);
  });

  it('get expired-token once the token has expired', async () => {
    await caller.switchTo({ tokenLifeSeconds: 0.05 });
    const authorization = `Bearer ${await caller.token()}`;
    let reply = await initiate(payment, { authorization });
    while (reply.status === 200) reply = await initiate(payment, { authorization });
    await caller.switchTo({ tokenLifeSeconds: 299 });
    await expectRejection(reply, 401, 'expired-token');
  });
});

describe('the body of a session', () => {
  it.each(['{"amount":', '[]', 'null', ''])('is refused as malformed when it is %p', async (body) => {
    await expectRejection(await initiate(body), 400, 'malformed-body');
  });

  it('is refused when longer than 64 KiB', async () => {
    await expectRejection(await initiate({ ...payment, note: 'x'.repeat(65_536) }), 413, 'malformed-body');
  });

  it('is told every missing field at once', async () => {
    const reply = await initiate({ amount: 1, customerName: null });
    await expectRejection(reply, 400, 'missing-field');
    expect(reply.body['detail']).toMatch(/customerName, customerEmail, userId, referenceId/);
  });

  it.each([
    ['zero', { amount: 0 }],
    ['below zero', { amount: -5 }],
    ['three decimals', { amount: 1.005 }],
    ['an exponent', { amount: 1e21 }],
    ['text for an amount', { amount: '125.50' }],
    ['no e-mail address', { customerEmail: 'alex' }],
    ['an empty name', { customerName: ' ' }],
    ['one URL that is none', { clientUrls: ['here'] }],
    ['the other spelling of URLs', { clientURIs: ['https://merchant.example'] }],
  ])('is refused with %s', async (_case, change) => {
    await expectRejection(await initiate({ ...payment, ...change }), 400, 'invalid-field');
  });

  it('is told every invalid field at once', async () => {
    const { body } = await initiate({ ...payment, amount: 0, customerEmail: 'alex' });
    expect(body['detail']).toMatch(/customerEmail.*amount/);
  });
});

describe('single-use tokens', () => {
  it('start one session and no second', async () => {
    await caller.switchTo({ singleUseTokens: true });
    const authorization = `Bearer ${await caller.token()}`;
    expect((await initiate({ ...payment, amount: 0 }, { authorization })).status).toBe(400);
    const { body } = await initiate(payment, { authorization });
    const second = await caller.post('sessions/sendrequest', payment, { authorization });
    await expectRejection(second, 401, 'reused-token');
    const activation = await caller.post('paymentrequests', { sessionId: body['sessionId'] }, { authorization });
    expect(activation.status).toBe(200);
    await caller.switchTo({ singleUseTokens: false });
  });
});

describe('payment requests', () => {
  it('are refused without a session id', async () => {
    await expectRejection(await caller.post('paymentrequests', {}), 400, 'missing-field');
    await expectRejection(await caller.post('paymentrequests', { sessionId: 7 }), 400, 'invalid-field');
  });

  it('are refused for an unknown session', async () => {
    await expectRejection(await caller.post('paymentrequests', { sessionId: 'nobody' }), 404, 'unknown-session');
  });

  it('count a double activation apart', async () => {
    const sessionId = await caller.startedSession();
    await caller.post('paymentrequests', { sessionId });
    await expectRejection(await caller.post('paymentrequests', { sessionId }), 409, 'double-activation');
    expect(await caller.results()).toEqual({ ok: 5, 'double-activation': 1 });
  });

  it('are refused a lookup by unknown id', async () => {
    await expectRejection(await caller.lookup('nobody'), 404, 'unknown-payment-request');
  });
});
