import { beforeEach, describe, expect, it } from '@jest/globals';
import { withSandbox } from '../support/fixture.js';
import { until } from '../support/until.js';
import { Caller, payment } from './caller.js';

const { sandbox } = withSandbox();
const caller = new Caller(sandbox);

beforeEach(async () => {
  await caller.fetch('/sandbox/reset', { method: 'POST' });
  await caller.switchTo({ settleAfterMs: 0, statusSchema: 'A' });
});

const statusOf = async (requestId: string) => (await caller.lookup(requestId)).body['status'];
const moveTo = (sessionId: string, body: object) => caller.control(`sessions/${sessionId}/status`, 'POST', body);

describe('a payment moved by control', () => {
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
  ])('becomes %s from anywhere', async (status) => {
    const { sessionId, requestId } = await caller.activatedSession();
    await moveTo(sessionId, { status: 'Settled' });
    expect((await moveTo(sessionId, { status })).body).toMatchObject({ sessionId, requestId, status });
    expect(await statusOf(requestId)).toBe(status);
    expect(await caller.pageOf(sessionId)).toContain(status);
  });

  it.each(['A', 'B'])('tells its status details in schema %s', async (statusSchema) => {
    await caller.switchTo({ statusSchema });
    const { sessionId, requestId } = await caller.activatedSession();
    expect((await caller.lookup(requestId)).body).not.toHaveProperty('statusDetails');
    await moveTo(sessionId, { status: 'Failed', statusDetails: 'EFT0404' });
    expect((await caller.lookup(requestId)).body).toMatchObject({ status: 'Failed', statusDetails: 'EFT0404' });
    await moveTo(sessionId, { status: 'Processing' });
    expect((await caller.lookup(requestId)).body).not.toHaveProperty('statusDetails');
  });

  it('must exist and have its payment request', async () => {
    expect((await moveTo('nobody', { status: 'Settled' })).status).toBe(404);
    const refused = await moveTo(await caller.startedSession(), { status: 'Settled' });
    expect(refused).toMatchObject({ status: 409, body: { detail: expect.stringContaining('paymentrequests') } });
  });

  it('is refused a status that is no word', async () => {
    const { sessionId } = await caller.activatedSession();
    const { status, body } = await moveTo(sessionId, { status: '', colour: 'red' });
    expect(status).toBe(400);
    for (const name of ['status', 'colour']) expect(body['detail']).toContain(name);
  });
});

describe('a payment by sendrequest', () => {
  it('can be looked up by its own request id', async () => {
    const { sessionId } = (await caller.post('sessions/sendrequest', payment)).body;
    const sessions = (await caller.control('sessions')).body as unknown as { sessionId: string; requestId: string }[];
    const requestId = sessions.find((session) => session.sessionId === sessionId)?.requestId ?? '';
    expect((await caller.lookup(requestId)).body).toMatchObject({ requestId, status: 'Initiated' });
  });
});

describe('an accepted payment', () => {
  it('settles by itself by way of Processed', async () => {
    await caller.switchTo({ settleAfterMs: 200 });
    const { sessionId, requestId } = await caller.activatedSession();
    const acceptedAt = performance.now();
    await caller.act('accept', sessionId);
    const seen: unknown[] = [];
    await until(async () => {
      const status = await statusOf(requestId);
      if (seen.at(-1) !== status) seen.push(status);
      return status === 'Settled';
    });
    expect(performance.now() - acceptedAt).toBeGreaterThan(190);
    expect(seen).toEqual(['Accepted', 'Processed', 'Settled']);
    expect(await caller.pageOf(sessionId)).toContain('You accepted');
  });

  it('stays where control moved it', async () => {
    await caller.switchTo({ settleAfterMs: 20 });
    const [moved, left] = [await caller.activatedSession(), await caller.activatedSession()];
    await caller.act('accept', moved.sessionId);
    await moveTo(moved.sessionId, { status: 'Failed' });
    await caller.act('accept', left.sessionId);
    await until(async () => (await statusOf(left.requestId)) === 'Settled');
    expect(await statusOf(moved.requestId)).toBe('Failed');
  });

  it('never settles when settleAfterMs is 0', async () => {
    const [slow, quick] = [await caller.activatedSession(), await caller.activatedSession()];
    await caller.act('accept', slow.sessionId);
    await caller.switchTo({ settleAfterMs: 20 });
    await caller.act('accept', quick.sessionId);
    await until(async () => (await statusOf(quick.requestId)) === 'Settled');
    expect(await statusOf(slow.requestId)).toBe('Accepted');
  });
});

describe('the hosted page', () => {
  it('fails a payment whose name the bank does not match', async () => {
    const { sessionId, requestId } = await caller.activatedSession();
    await caller.act('mismatch', sessionId);
    expect((await caller.lookup(requestId)).body).toMatchObject({ status: 'Failed', statusDetails: 'EFT0403' });
    expect(await caller.pageOf(sessionId)).toContain('Failed (EFT0403)');
  });

  it('offers its buttons until the payer has decided', async () => {
    const { sessionId, requestId } = await caller.activatedSession();
    await moveTo(sessionId, { status: 'Processing' });
    expect((await caller.pageOf(sessionId)).match(/<button/g)).toHaveLength(3);
    await moveTo(sessionId, { status: 'Expired' });
    expect(await caller.pageOf(sessionId)).not.toContain('<button');
    await caller.act('accept', sessionId);
    expect(await statusOf(requestId)).toBe('Expired');
  });
});
