import { beforeEach, describe, expect, it } from '@jest/globals';
import { TestSandbox } from '../support/sandbox.js';
import { withService } from '../support/services.js';
import { SandboxClient, payment } from './sandbox-client.js';

const sandbox = withService(new TestSandbox());
const client = new SandboxClient(sandbox);

beforeEach(async () => {
  await client.fetch('/sandbox/reset', { method: 'POST' });
});

describe('a payment created by initiate', () => {
  it('becomes Initiated after authorize, initiate and activate', async () => {
    const { sessionId, requestId } = await client.activatedSession();
    expect(await client.lookup(requestId)).toEqual({
      status: 200,
      body: {
        requestId,
        status: 'Initiated',
        ReferenceId: 'LOAN-1042',
        PaymentLink: `${sandbox.url}/app/?sessionId=${sessionId}`,
      },
    });
    const { calls } = (await client.journal()).counts;
    expect(calls).toEqual({ authorize: 3, initiate: 1, activate: 1, lookup: 1 });
  });

  it.each([
    ['accept', 'Accepted', 'You accepted'],
    ['decline', 'Declined', 'You declined'],
  ] as const)('has a payment page on which the payer can %s', async (action, status, text) => {
    const { sessionId, requestId } = await client.activatedSession();
    const response = await client.pressButton(action, sessionId);
    expect([response.status, response.headers.get('location')]).toEqual([303, `/app/?sessionId=${sessionId}`]);
    expect((await client.lookup(requestId)).body['status']).toBe(status);
    expect(await client.pageOf(sessionId)).toContain(text);
  });

  it('keeps the first choice of the payer', async () => {
    const { sessionId, requestId } = await client.activatedSession();
    await client.pressButton('decline', sessionId);
    await client.pressButton('accept', sessionId);
    expect((await client.lookup(requestId)).body['status']).toBe('Declined');
  });

  it('has a payment page that shows it', async () => {
    const { sessionId } = await client.activatedSession();
    const page = await client.pageOf(sessionId);
    for (const text of ['sandbox', '125.5 CAD', 'Alex Tremblay', 'LOAN-1042', 'Initiated'])
      expect(page).toContain(text);
  });

  it('has a payment page that escapes the values of the client', async () => {
    const { body } = await client.post('sessions/sendrequest', { ...payment, customerName: `<b a='"'>&` });
    const page = await client.pageOf(String(body['sessionId']));
    expect(page).toContain('&#60;b a=&#39;&#34;&#39;&#62;&#38;');
    expect(page).not.toContain('<b a');
  });

  it('has a payment page without buttons before it is activated', async () => {
    const sessionId = await client.startedSession();
    const page = await client.pageOf(sessionId);
    expect(page).toContain('cannot be completed');
    expect(page).not.toContain('<button');
    expect((await client.pressButton('accept', sessionId)).status).toBe(303);
  });

  it('has a payment page that responds with 404 to unknown session ids', async () => {
    expect((await client.fetch('/app?sessionId=nobody')).status).toBe(404);
    expect((await client.pressButton('accept', 'nobody')).status).toBe(404);
  });

  it('is created whatever the letter case of paths and field names', async () => {
    const body = { ...payment, customerName: undefined, CUSTOMERNAME: 'Alex Tremblay' };
    const response = await client.post('Sessions/Initiate', body);
    expect(response.status).toBe(200);
  });

  it('keeps the spelling of its amount', async () => {
    const others = { ...payment, amount: undefined, note: { amount: 1 } };
    const body = JSON.stringify(others).replace(/}$/, `, "Amount" : 250.10 }`);
    expect((await client.post('sessions/initiate', body)).status).toBe(200);
    expect(await client.lastEntry()).toMatchObject({ amount: '250.10', referenceId: 'LOAN-1042' });
    expect((await client.control('sessions')).body).toMatchObject([{ amount: '250.10', status: null }]);
  });
});

describe('a payment created by sendrequest', () => {
  it('puts an e-mail with its link into the outbox', async () => {
    const { body } = await client.post('sessions/sendrequest', payment);
    const outbox = (await client.control('outbox')).body;
    const link = `${sandbox.url}/app/?sessionId=${String(body['sessionId'])}`;
    expect(outbox).toMatchObject([{ to: payment.customerEmail, amount: '125.5', link }]);
    expect(await client.pageOf(String(body['sessionId']))).toContain('Accept');
  });

  it('is in the outbox that browsers get as a page', async () => {
    await client.post('sessions/sendrequest', payment);
    const response = await client.fetch('/sandbox/outbox', { headers: { accept: 'text/html,*/*;q=0.8' } });
    expect(await response.text()).toContain(`<a href="${sandbox.url}/app/?sessionId=`);
  });

  it('has the user id as its reference by default', async () => {
    const { body } = await client.post('sessions/sendrequest', { ...payment, referenceId: undefined });
    expect(body['referenceId']).toBe('user-7');
  });

  it('has a payment request without an activation', async () => {
    const { body } = await client.post('sessions/sendrequest', payment);
    const response = await client.post('paymentrequests', { sessionId: body['sessionId'] });
    expect(response.status).toBe(409);
  });
});

describe('the sandbox', () => {
  it('removes everything but switches on reset', async () => {
    await client.setSwitches({ instance: 'sandbox', latencyMs: 1 });
    await client.post('sessions/sendrequest', payment);
    await client.addFault({ endpoint: 'authorize', kind: 'cut' });
    expect((await client.fetch('/sandbox/reset', { method: 'POST' })).status).toBe(204);
    for (const path of ['outbox', 'sessions', 'faults']) expect((await client.control(path)).body).toEqual([]);
    expect((await client.journal()).counts).toEqual({ calls: {}, results: {} });
    expect((await client.control('switches')).body['latencyMs']).toBe(1);
    await client.setSwitches({ latencyMs: 0 });
  });

  it('links its control routes on the index', async () => {
    const pages = await Promise.all(['/', '/sandbox/'].map(async (path) => (await client.fetch(path)).text()));
    for (const page of pages) expect(page).toContain('href="/sandbox/journal"');
  });

  it('refers to its README on paths that it does not implement', async () => {
    const response = await client.request('GET', '/api/v2/sessions', {});
    expect(response).toMatchObject({
      status: 404,
      body: { title: 'Not Found', detail: expect.stringMatching(/README/) },
    });
  });

  it('counts the calls in flight', async () => {
    await client.setSwitches({ latencyMs: 50 });
    await Promise.all([client.authorize(), client.authorize(), client.authorize()]);
    expect((await client.journal()).inFlight).toEqual({ now: 0, max: 3 });
    await client.setSwitches({ latencyMs: 0 });
  });
});
