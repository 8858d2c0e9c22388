import { beforeEach, describe, expect, it } from '@jest/globals';
import { withSandbox } from '../support/fixture.js';
import { TestSandbox } from '../support/sandbox.js';
import { Caller, payment } from './caller.js';

const { sandbox } = withSandbox();
const caller = new Caller(sandbox);

beforeEach(async () => {
  await caller.fetch('/sandbox/reset', { method: 'POST' });
});

async function initiate(signal?: AbortSignal): Promise<Response> {
  const authorization = `Bearer ${await caller.token()}`;
  const headers = { 'content-type': 'application/json', baseuri: 'sandbox', authorization };
  const init = { method: 'POST', headers, body: JSON.stringify(payment) };
  return caller.fetch('/api/v1/sessions/initiate', signal === undefined ? init : { ...init, signal });
}

async function sessionCount(): Promise<number> {
  return ((await caller.control('sessions')).body as unknown as unknown[]).length;
}

describe.each([
  ['before-work', 0, 'fault'],
  ['after-work', 1, 'ok'],
])('a fault %s', (when, sessions, result) => {
  const inject = (fault: object) => caller.inject({ endpoint: 'initiate', when, ...fault });

  async function expectTraces(fault: string, status: number | null): Promise<void> {
    expect(await sessionCount()).toBe(sessions);
    expect(await caller.lastEntry()).toMatchObject({ endpoint: 'initiate', result, fault, status });
  }

  it('answers a status with a Retry-After header', async () => {
    await inject({ kind: 'status', status: 503, retryAfterSeconds: 2 });
    const answer = await initiate();
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '2']);
    expect(await answer.json()).toMatchObject({ status: 503, title: 'Service Unavailable' });
    await expectTraces('status', 503);
  });

  it('cuts the connection', async () => {
    await inject({ kind: 'cut' });
    await expect(initiate()).rejects.toThrow('fetch failed');
    await expectTraces('cut', null);
  });

  it('hangs until the caller gives up', async () => {
    await inject({ kind: 'hang' });
    const giveUp = new AbortController();
    const answer = initiate(giveUp.signal);
    while ((await caller.lastEntry())?.['fault'] !== 'hang');
    expect((await caller.journal()).inFlight.now).toBe(1);
    giveUp.abort();
    await expect(answer).rejects.toThrow('aborted');
    await expectTraces('hang', null);
  });

  it('answers an HTML page in place of JSON', async () => {
    await inject({ kind: 'html' });
    const answer = await initiate();
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(await answer.text()).toMatch(/^<!doctype html>/);
    await expectTraces('html', 200);
  });

  it('answers half of the JSON', async () => {
    await inject({ kind: 'truncated' });
    const answer = await initiate();
    const text = await answer.text();
    expect([answer.status, answer.headers.get('content-length')]).toEqual([200, String(text.length)]);
    expect(text).toMatch(when === 'after-work' ? /^\{"sessionId":"/ : /^\{"note":"/);
    expect(() => JSON.parse(text) as unknown).toThrow();
    await expectTraces('truncated', 200);
  });
});

describe('a slow fault', () => {
  it.each(['before-work', 'after-work'])('delays the normal answer %s', async (when) => {
    await caller.inject({ endpoint: 'initiate', kind: 'slow', delayMs: 60, when });
    const start = performance.now();
    expect((await initiate()).status).toBe(200);
    expect(performance.now() - start).toBeGreaterThan(55);
    expect(await caller.lastEntry()).toMatchObject({ result: 'ok', fault: 'slow', status: 200 });
  });

  it('commits the work before it waits', async () => {
    await caller.inject({ endpoint: 'initiate', kind: 'slow', delayMs: 600_000, when: 'after-work' });
    const giveUp = new AbortController();
    const answer = initiate(giveUp.signal);
    while ((await sessionCount()) === 0);
    giveUp.abort();
    await expect(answer).rejects.toThrow('aborted');
  });
});

describe('faults', () => {
  it('refuse a live token with 401', async () => {
    await caller.inject({ endpoint: 'lookup', kind: 'unauthorized' });
    expect((await caller.lookup('nobody')).status).toBe(401);
    expect((await caller.lookup('nobody')).status).toBe(404);
  });

  it('last for as many calls as told', async () => {
    await caller.inject({ endpoint: 'authorize', kind: 'status', status: 500, count: 2 });
    expect((await caller.authorize()).status).toBe(500);
    expect((await caller.control('faults')).body).toMatchObject([{ endpoint: 'authorize', count: 1 }]);
    expect((await caller.authorize()).status).toBe(500);
    expect((await caller.authorize()).status).toBe(200);
  });

  it('are cleared by DELETE', async () => {
    await caller.inject({ endpoint: 'authorize', kind: 'cut' });
    expect((await caller.control('faults', 'DELETE')).body).toEqual([]);
    expect((await caller.authorize()).status).toBe(200);
  });

  it('are refused with every problem listed', async () => {
    const bad = { endpoint: 'refund', kind: 'slow', count: 0, retryAfterSeconds: 1, colour: 'red' };
    const { status, body } = await caller.control('faults', 'POST', bad);
    expect(status).toBe(400);
    for (const name of ['endpoint', 'count', 'delayMs', 'retryAfterSeconds', 'colour']) {
      expect(body['detail']).toContain(name);
    }
  });

  it('exist for unauthorized only before the work', async () => {
    const bad = { endpoint: 'initiate', kind: 'unauthorized', when: 'after-work' };
    expect(await caller.control('faults', 'POST', bad)).toMatchObject({ status: 400 });
  });

  it('do not hold up the close', async () => {
    const other = await new TestSandbox().start();
    const otherCaller = new Caller(other);
    await otherCaller.inject({ endpoint: 'authorize', kind: 'hang' });
    const answer = expect(otherCaller.authorize()).rejects.toThrow('fetch failed');
    while ((await otherCaller.journal()).entries.length === 0);
    await other.stop();
    await answer;
  });
});
