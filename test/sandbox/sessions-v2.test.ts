import { beforeEach, describe, expect, it } from '@jest/globals';
import { defaultSwitches } from '../../sandbox/switches.js';
import { TestSandbox } from '../support/sandbox.js';
import { withService } from '../support/services.js';
import { SandboxClient, type SandboxResponse } from './sandbox-client.js';

const sandbox = withService(new TestSandbox());
const client = new SandboxClient(sandbox);

beforeEach(async () => {
  await client.fetch('/sandbox/reset', { method: 'POST' });
  await client.setSwitches(defaultSwitches);
});

async function v2(method: string, path: string): Promise<SandboxResponse> {
  return client.request(method, `/api/v2/sessions/${path}`, { authorization: `Bearer ${await client.token()}` });
}

const details = (sessionId: string) => v2('GET', `${sessionId}/details`);
const cancel = (sessionId: string) => v2('POST', `${sessionId}/cancel`);
const moveTo = (sessionId: string, status: string) =>
  client.control(`sessions/${sessionId}/status`, 'POST', { status });

async function expectRefusal(
  response: SandboxResponse,
  status: number,
  endpoint: string,
  result: string,
): Promise<void> {
  expect(response).toMatchObject({ status, body: { type: 'about:blank', status, detail: expect.any(String) } });
  expect(await client.lastEntry()).toMatchObject({ endpoint, result, status });
}

describe('the details of a session', () => {
  it('contain the payment as it was requested', async () => {
    const sessionId = await client.startedSession();
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
    expect(await client.lastEntry()).toMatchObject({ endpoint: 'details', result: 'ok' });
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
  ])('report a payment that is %s as %s', async (status, sessionStatus) => {
    const { sessionId } = await client.activatedSession();
    await moveTo(sessionId, status);
    const { body } = await details(sessionId);
    expect(body['status']).toBe(sessionStatus);
    const transactions = [{ id: expect.any(String), status }];
    expect(body['schedule']).toEqual(status === 'Initiated' ? undefined : { transactions });
  });

  it('are rejected without token, session or switch', async () => {
    const path = `/api/v2/sessions/${await client.startedSession()}/details`;
    await expectRefusal(await client.request('GET', path, {}), 401, 'details', 'missing-token');
    await expectRefusal(await details('nobody'), 404, 'details', 'unknown-session');
    await client.setSwitches({ sessionDetails: false });
    await expectRefusal(await details(await client.startedSession()), 404, 'details', 'switched-off');
  });

  it('can have faults', async () => {
    await client.addFault({ endpoint: 'details', kind: 'status', status: 503 });
    expect((await details(await client.startedSession())).status).toBe(503);
  });
});

describe('a cancellation', () => {
  it.each(['Cancelled', 'Canceled'])('ends an open payment as %s', async (cancelledSpelling) => {
    await client.setSwitches({ cancelledSpelling });
    const { sessionId, requestId } = await client.activatedSession();
    const ended = { status: cancelledSpelling, statusDetails: 'EFT0501' };
    expect(await cancel(sessionId)).toEqual({ status: 200, body: { sessionId, referenceId: 'LOAN-1042', ...ended } });
    expect((await client.lookup(requestId)).body).toMatchObject(ended);
    expect((await details(sessionId)).body['status']).toBe(cancelledSpelling);
    expect(await client.pageOf(sessionId)).toContain('timed out');
  });

  it('prevents the activation of a session', async () => {
    const sessionId = await client.startedSession();
    expect((await cancel(sessionId)).body).toMatchObject({ status: 'Cancelled' });
    expect((await details(sessionId)).body).toMatchObject({ status: 'Cancelled' });
    const activation = await client.post('paymentrequests', { sessionId });
    await expectRefusal(activation, 409, 'activate', 'session-ended');
    await expectRefusal(await cancel(sessionId), 409, 'cancel', 'session-ended');
    expect(await client.pageOf(sessionId)).toContain('timed out');
  });

  it.each(['Accepted', 'Processed', 'Settled', 'Cancelled', 'Expired', 'Declined', 'Failed'])(
    'is rejected for a payment that is %s',
    async (status) => {
      const { sessionId, requestId } = await client.activatedSession();
      await moveTo(sessionId, status);
      await expectRefusal(await cancel(sessionId), 409, 'cancel', 'session-ended');
      expect((await client.lookup(requestId)).body['status']).toBe(status);
    },
  );

  it('is rejected without token, session or switch', async () => {
    const path = `/api/v2/sessions/${await client.startedSession()}/cancel`;
    await expectRefusal(await client.request('POST', path, {}), 401, 'cancel', 'missing-token');
    await expectRefusal(await cancel('nobody'), 404, 'cancel', 'unknown-session');
    await client.setSwitches({ cancel: 'none' });
    await expectRefusal(await cancel(await client.startedSession()), 404, 'cancel', 'switched-off');
  });

  it('can have a fault after its work', async () => {
    const { sessionId, requestId } = await client.activatedSession();
    await client.addFault({ endpoint: 'cancel', kind: 'cut', when: 'after-work' });
    await expect(cancel(sessionId)).rejects.toThrow('fetch failed');
    expect((await client.lookup(requestId)).body['status']).toBe('Cancelled');
  });
});
