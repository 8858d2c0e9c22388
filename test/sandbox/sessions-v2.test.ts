import { beforeEach, describe, expect, it } from '@jest/globals';
import { defaultSwitches } from '../../sandbox/switches.js';
import { withSandbox } from '../support/fixture.js';
import { Caller, type Reply } from './caller.js';

const { sandbox } = withSandbox();
const caller = new Caller(sandbox);

beforeEach(async () => {
  await caller.fetch('/sandbox/reset', { method: 'POST' });
  await caller.switchTo(defaultSwitches);
});

async function v2(method: string, path: string): Promise<Reply> {
  return caller.request(method, `/api/v2/sessions/${path}`, { authorization: `Bearer ${await caller.token()}` });
}

const details = (sessionId: string) => v2('GET', `${sessionId}/details`);
const cancel = (sessionId: string) => v2('POST', `${sessionId}/cancel`);
const moveTo = (sessionId: string, status: string) =>
  caller.control(`sessions/${sessionId}/status`, 'POST', { status });

async function expectRefusal(reply: Reply, status: number, endpoint: string, result: string): Promise<void> {
  expect(reply).toMatchObject({ status, body: { type: 'about:blank', status, detail: expect.any(String) } });
  expect(await caller.lastEntry()).toMatchObject({ endpoint, result, status });
}

describe('the details of a session', () => {
  it('tell the payment as it was asked for', async () => {
    const sessionId = await caller.startedSession();
    expect(await details(sessionId)).toEqual({
      status: 200,
      body: {
        sessionId,
        status: 'Initiated',
        referenceId: 'LOAN-1042',
        amount: 125.5,
        type: 'e-Transfer',
        direction: 'DEBIT',
        currency: 'CAD',
        payor: { email: 'alex.tremblay@example.com', firstName: 'Alex', lastName: 'Tremblay' },
        createdAt: expect.any(String),
      },
    });
    expect(await caller.lastEntry()).toMatchObject({ endpoint: 'details', result: 'ok' });
  });

  it.each([
    ['Initiated', 'Initiated'],
    ['Processing', 'InProgress'],
    ['Accepted', 'Completed'],
    ['Processed', 'Completed'],
    ['Settled', 'Completed'],
    ['Declined', 'Failed'],
    ['Failed', 'Failed'],
    ['Expired', 'Expired'],
    ['Cancelled', 'Cancelled'],
    ['Frozen', 'InProgress'],
  ])('say of a payment that is %s: %s', async (status, sessionStatus) => {
    const { sessionId } = await caller.activatedSession();
    await moveTo(sessionId, status);
    const { body } = await details(sessionId);
    expect(body['status']).toBe(sessionStatus);
    const transactions = [{ id: expect.any(String), status }];
    expect(body['schedule']).toEqual(status === 'Initiated' ? undefined : { transactions });
  });

  it('are refused without token, session or switch', async () => {
    const path = `/api/v2/sessions/${await caller.startedSession()}/details`;
    await expectRefusal(await caller.request('GET', path, {}), 401, 'details', 'missing-token');
    await expectRefusal(await details('nobody'), 404, 'details', 'unknown-session');
    await caller.switchTo({ sessionDetails: false });
    await expectRefusal(await details(await caller.startedSession()), 404, 'details', 'switched-off');
  });

  it('take faults', async () => {
    await caller.inject({ endpoint: 'details', kind: 'status', status: 503 });
    expect((await details(await caller.startedSession())).status).toBe(503);
  });
});

describe('a cancel', () => {
  it.each(['Cancelled', 'Canceled'])('ends an open payment as %s', async (cancelledSpelling) => {
    await caller.switchTo({ cancelledSpelling });
    const { sessionId, requestId } = await caller.activatedSession();
    const ended = { status: cancelledSpelling, statusDetails: 'EFT0501' };
    expect(await cancel(sessionId)).toEqual({ status: 200, body: { sessionId, referenceId: 'LOAN-1042', ...ended } });
    expect((await caller.lookup(requestId)).body).toMatchObject(ended);
    expect((await details(sessionId)).body['status']).toBe(cancelledSpelling);
    expect(await caller.pageOf(sessionId)).toContain('timed out');
  });

  it('keeps a session from being activated', async () => {
    const sessionId = await caller.startedSession();
    expect((await cancel(sessionId)).body).toMatchObject({ status: 'Cancelled' });
    expect((await details(sessionId)).body).toMatchObject({ status: 'Cancelled' });
    const activation = await caller.post('paymentrequests', { sessionId });
    await expectRefusal(activation, 409, 'activate', 'session-ended');
    await expectRefusal(await cancel(sessionId), 409, 'cancel', 'session-ended');
    expect(await caller.pageOf(sessionId)).toContain('timed out');
  });

  it.each(['Accepted', 'Processed', 'Settled', 'Cancelled', 'Expired', 'Declined', 'Failed'])(
    'is refused for a payment that is %s',
    async (status) => {
      const { sessionId, requestId } = await caller.activatedSession();
      await moveTo(sessionId, status);
      await expectRefusal(await cancel(sessionId), 409, 'cancel', 'session-ended');
      expect((await caller.lookup(requestId)).body['status']).toBe(status);
    },
  );

  it('is refused without token, session or switch', async () => {
    const path = `/api/v2/sessions/${await caller.startedSession()}/cancel`;
    await expectRefusal(await caller.request('POST', path, {}), 401, 'cancel', 'missing-token');
    await expectRefusal(await cancel('nobody'), 404, 'cancel', 'unknown-session');
    await caller.switchTo({ cancel: 'none' });
    await expectRefusal(await cancel(await caller.startedSession()), 404, 'cancel', 'switched-off');
  });

  it('takes faults after its work', async () => {
    const { sessionId, requestId } = await caller.activatedSession();
    await caller.inject({ endpoint: 'cancel', kind: 'cut', when: 'after-work' });
    await expect(cancel(sessionId)).rejects.toThrow('fetch failed');
    expect((await caller.lookup(requestId)).body['status']).toBe('Cancelled');
  });
});
