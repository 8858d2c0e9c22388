import { beforeEach, describe, expect, it } from '@jest/globals';
import { TestSandbox } from '../support/sandbox.js';
import { withService } from '../support/services.js';
import { until } from '../support/until.js';
import { SandboxClient, payment } from './sandbox-client.js';

const sandbox = withService(new TestSandbox());
const client = new SandboxClient(sandbox);

beforeEach(async () => {
  await client.fetch('/sandbox/reset', { method: 'POST' });
  await client.setSwitches({ settleAfterMs: 0, statusSchema: 'A' });
});

const statusOf = async (requestId: string) => (await client.lookup(requestId)).body['status'];
const moveTo = (sessionId: string, body: object) => client.control(`sessions/${sessionId}/status`, 'POST', body);

describe('a payment whose status a control route sets', () => {
  it.each([
    'Initiated',
    'Processing',
    'Accepted',
    'Processed',
    'Settled',
    'Cancelled',
    'Expired',
    'Declined',
    'Failed',
    'Frozen',
  ])('becomes %s from any status', async (status) => {
    const { sessionId, requestId } = await client.activatedSession();
    await moveTo(sessionId, { status: 'Settled' });
    expect((await moveTo(sessionId, { status })).body).toMatchObject({ sessionId, requestId, status });
    expect(await statusOf(requestId)).toBe(status);
    expect(await client.pageOf(sessionId)).toContain(status);
  });

  it.each(['A', 'B'])('returns its status details in schema %s', async (statusSchema) => {
    await client.setSwitches({ statusSchema });
    const { sessionId, requestId } = await client.activatedSession();
    expect((await client.lookup(requestId)).body).not.toHaveProperty('statusDetails');
    await moveTo(sessionId, { status: 'Failed', statusDetails: 'EFT0404' });
    expect((await client.lookup(requestId)).body).toMatchObject({ status: 'Failed', statusDetails: 'EFT0404' });
    await moveTo(sessionId, { status: 'Processing' });
    expect((await client.lookup(requestId)).body).not.toHaveProperty('statusDetails');
  });

  it('must exist and have a payment request', async () => {
    expect((await moveTo('nobody', { status: 'Settled' })).status).toBe(404);
    const refused = await moveTo(await client.startedSession(), { status: 'Settled' });
    expect(refused).toMatchObject({ status: 409, body: { detail: expect.stringContaining('paymentrequests') } });
  });

  it('cannot get an empty status or unknown fields', async () => {
    const { sessionId } = await client.activatedSession();
    const { status, body } = await moveTo(sessionId, { status: '', colour: 'red' });
    expect(status).toBe(400);
    for (const name of ['status', 'colour']) expect(body['detail']).toContain(name);
  });
});

describe('a payment created by sendrequest', () => {
  it('can be looked up by its request id', async () => {
    const { sessionId } = (await client.post('sessions/sendrequest', payment)).body;
    const sessions = (await client.control('sessions')).body as unknown as { sessionId: string; requestId: string }[];
    const requestId = sessions.find((session) => session.sessionId === sessionId)?.requestId ?? '';
    expect((await client.lookup(requestId)).body).toMatchObject({ requestId, status: 'Initiated' });
  });
});

describe('an accepted payment', () => {
  it('becomes Processed and then Settled by itself', async () => {
    await client.setSwitches({ settleAfterMs: 200 });
    const { sessionId, requestId } = await client.activatedSession();
    const acceptedAt = performance.now();
    await client.pressButton('accept', sessionId);
    const statuses: unknown[] = [];
    await until(async () => {
      const status = await statusOf(requestId);
      if (statuses.at(-1) !== status) statuses.push(status);
      return status === 'Settled';
    });
    expect(performance.now() - acceptedAt).toBeGreaterThan(190);
    expect(statuses).toEqual(['Accepted', 'Processed', 'Settled']);
    expect(await client.pageOf(sessionId)).toContain('You accepted');
  });

  it('keeps the status that a control route sets', async () => {
    await client.setSwitches({ settleAfterMs: 20 });
    const [moved, untouched] = [await client.activatedSession(), await client.activatedSession()];
    await client.pressButton('accept', moved.sessionId);
    await moveTo(moved.sessionId, { status: 'Failed' });
    await client.pressButton('accept', untouched.sessionId);
    await until(async () => (await statusOf(untouched.requestId)) === 'Settled');
    expect(await statusOf(moved.requestId)).toBe('Failed');
  });

  it('never settles when settleAfterMs is 0', async () => {
    const [slow, quick] = [await client.activatedSession(), await client.activatedSession()];
    await client.pressButton('accept', slow.sessionId);
    await client.setSwitches({ settleAfterMs: 20 });
    await client.pressButton('accept', quick.sessionId);
    await until(async () => (await statusOf(quick.requestId)) === 'Settled');
    expect(await statusOf(slow.requestId)).toBe('Accepted');
  });
});

describe('the payment page', () => {
  it('has a button that fails the payment for a name mismatch', async () => {
    const { sessionId, requestId } = await client.activatedSession();
    await client.pressButton('mismatch', sessionId);
    expect((await client.lookup(requestId)).body).toMatchObject({ status: 'Failed', statusDetails: 'EFT0403' });
    expect(await client.pageOf(sessionId)).toContain('Failed (EFT0403)');
  });

  it('has buttons until the status is final', async () => {
    const { sessionId, requestId } = await client.activatedSession();
    await moveTo(sessionId, { status: 'Processing' });
    expect((await client.pageOf(sessionId)).match(/<button/g)).toHaveLength(3);
    await moveTo(sessionId, { status: 'Expired' });
    expect(await client.pageOf(sessionId)).not.toContain('<button');
    await client.pressButton('accept', sessionId);
    expect(await statusOf(requestId)).toBe('Expired');
  });
});
