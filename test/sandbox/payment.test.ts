import { beforeEach, describe, expect, it } from '@jest/globals';
import { withSandbox } from '../support/fixture.js';
import { Caller, payment } from './caller.js';

const { sandbox } = withSandbox();
const caller = new Caller(sandbox);

beforeEach(async () => {
  await caller.fetch('/sandbox/reset', { method: 'POST' });
});

describe('a payment by initiate', () => {
  it('carries a payment from authorize to Initiated', async () => {
    const { sessionId, requestId } = await caller.activatedSession();
    expect(await caller.lookup(requestId)).toEqual({
      status: 200,
      body: {
        requestId,
        status: 'Initiated',
        ReferenceId: 'LOAN-1042',
        PaymentLink: `${sandbox.url}/app/?sessionId=${sessionId}`,
      },
    });
    const { calls } = (await caller.journal()).counts;
    expect(calls).toEqual({ authorize: 3, initiate: 1, activate: 1, lookup: 1 });
  });

  it.each([
    ['accept', 'Accepted', 'You accepted'],
    ['decline', 'Declined', 'You declined'],
  ] as const)('lets the payer %s on the hosted page', async (action, status, words) => {
    const { sessionId, requestId } = await caller.activatedSession();
    const answer = await caller.act(action, sessionId);
    expect([answer.status, answer.headers.get('location')]).toEqual([303, `/app/?sessionId=${sessionId}`]);
    expect((await caller.lookup(requestId)).body['status']).toBe(status);
    expect(await caller.pageOf(sessionId)).toContain(words);
  });

  it('keeps the first decision of the payer', async () => {
    const { sessionId, requestId } = await caller.activatedSession();
    await caller.act('decline', sessionId);
    await caller.act('accept', sessionId);
    expect((await caller.lookup(requestId)).body['status']).toBe('Declined');
  });

  it('shows the payment on its page', async () => {
    const { sessionId } = await caller.activatedSession();
    const page = await caller.pageOf(sessionId);
    for (const text of ['sandbox', '125.5 CAD', 'Alex Tremblay', 'LOAN-1042', 'Initiated'])
      expect(page).toContain(text);
  });

  it('escapes what the caller wrote on pages', async () => {
    const { body } = await caller.post('sessions/sendrequest', { ...payment, customerName: `<b a='"'>&` });
    const page = await caller.pageOf(String(body['sessionId']));
    expect(page).toContain('&#60;b a=&#39;&#34;&#39;&#62;&#38;');
    expect(page).not.toContain('<b a');
  });

  it('offers no decision before the activation', async () => {
    const sessionId = await caller.startedSession();
    const page = await caller.pageOf(sessionId);
    expect(page).toContain('cannot be completed');
    expect(page).not.toContain('<button');
    expect((await caller.act('accept', sessionId)).status).toBe(303);
  });

  it('answers 404 for pages of unknown sessions', async () => {
    expect((await caller.fetch('/app?sessionId=nobody')).status).toBe(404);
    expect((await caller.act('accept', 'nobody')).status).toBe(404);
  });

  it('matches paths and field names in any case', async () => {
    const body = { ...payment, customerName: undefined, CUSTOMERNAME: 'Alex Tremblay' };
    const answer = await caller.post('Sessions/Initiate', body);
    expect(answer.status).toBe(200);
  });

  it('keeps the amount as it was written', async () => {
    const others = { ...payment, amount: undefined, note: { amount: 1 } };
    const body = JSON.stringify(others).replace(/}$/, `, "Amount" : 250.10 }`);
    expect((await caller.post('sessions/initiate', body)).status).toBe(200);
    expect(await caller.lastEntry()).toMatchObject({ amount: '250.10', referenceId: 'LOAN-1042' });
    expect((await caller.control('sessions')).body).toMatchObject([{ amount: '250.10', status: null }]);
  });
});

describe('a payment by sendrequest', () => {
  it('puts the message with its link in the outbox', async () => {
    const { body } = await caller.post('sessions/sendrequest', payment);
    const outbox = (await caller.control('outbox')).body;
    const link = `${sandbox.url}/app/?sessionId=${String(body['sessionId'])}`;
    expect(outbox).toMatchObject([{ to: payment.customerEmail, amount: '125.5', link }]);
    expect(await caller.pageOf(String(body['sessionId']))).toContain('Accept');
  });

  it('shows browsers the outbox as a page', async () => {
    await caller.post('sessions/sendrequest', payment);
    const answer = await caller.fetch('/sandbox/outbox', { headers: { accept: 'text/html,*/*;q=0.8' } });
    expect(await answer.text()).toContain(`<a href="${sandbox.url}/app/?sessionId=`);
  });

  it('echoes the user id without a reference', async () => {
    const { body } = await caller.post('sessions/sendrequest', { ...payment, referenceId: undefined });
    expect(body['referenceId']).toBe('user-7');
  });

  it('makes the payment request by itself', async () => {
    const { body } = await caller.post('sessions/sendrequest', payment);
    const answer = await caller.post('paymentrequests', { sessionId: body['sessionId'] });
    expect(answer.status).toBe(409);
  });
});

describe('the sandbox', () => {
  it('forgets everything but switches on reset', async () => {
    await caller.switchTo({ instance: 'sandbox', latencyMs: 1 });
    await caller.post('sessions/sendrequest', payment);
    await caller.inject({ endpoint: 'authorize', kind: 'cut' });
    expect((await caller.fetch('/sandbox/reset', { method: 'POST' })).status).toBe(204);
    for (const path of ['outbox', 'sessions', 'faults']) expect((await caller.control(path)).body).toEqual([]);
    expect((await caller.journal()).counts).toEqual({ calls: {}, results: {} });
    expect((await caller.control('switches')).body['latencyMs']).toBe(1);
    await caller.switchTo({ latencyMs: 0 });
  });

  it('links its control routes on the index', async () => {
    const pages = await Promise.all(['/', '/sandbox/'].map(async (path) => (await caller.fetch(path)).text()));
    for (const page of pages) expect(page).toContain('href="/sandbox/journal"');
  });

  it('teaches on paths it does not imitate', async () => {
    const answer = await caller.request('GET', '/api/v2/sessions', {});
    expect(answer).toMatchObject({
      status: 404,
      body: { title: 'Not Found', detail: expect.stringMatching(/README/) },
    });
  });

  it('counts the calls under way at once', async () => {
    await caller.switchTo({ latencyMs: 50 });
    await Promise.all([caller.authorize(), caller.authorize(), caller.authorize()]);
    expect((await caller.journal()).inFlight).toEqual({ now: 0, max: 3 });
    await caller.switchTo({ latencyMs: 0 });
  });
});
