import { beforeEach, describe, expect, it } from '@jest/globals';
import { TestSandbox } from '../support/sandbox.js';
import { withService } from '../support/services.js';
import { SandboxClient, payment } from './sandbox-client.js';

const sandbox = withService(new TestSandbox());
const client = new SandboxClient(sandbox);

beforeEach(async () => {
  await client.fetch('/sandbox/reset', { method: 'POST' });
});

async function initiate(signal?: AbortSignal): Promise<Response> {
  const authorization = `Bearer ${await client.token()}`;
  const headers = { 'content-type': 'application/json', baseuri: 'sandbox', authorization };
  const init = { method: 'POST', headers, body: JSON.stringify(payment) };
  return client.fetch('/api/v1/sessions/initiate', signal === undefined ? init : { ...init, signal });
}

async function sessionCount(): Promise<number> {
  return ((await client.control('sessions')).body as unknown as unknown[]).length;
}

describe.each([
  ['before-work', 0, 'fault'],
  ['after-work', 1, 'ok'],
])('a fault with when=%s', (when, sessions, result) => {
  const addFault = (fault: object) => client.addFault({ endpoint: 'initiate', when, ...fault });

  async function expectTraces(fault: string, status: number | null): Promise<void> {
    expect(await sessionCount()).toBe(sessions);
    expect(await client.lastEntry()).toMatchObject({ endpoint: 'initiate', result, fault, status });
  }

  it('returns an HTTP status with a Retry-After header', async () => {
    await addFault({ kind: 'status', status: 503, retryAfterSeconds: 2 });
    const response = await initiate();
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '2']);
    expect(await response.json()).toMatchObject({ status: 503, title: 'Service Unavailable' });
    await expectTraces('status', 503);
  });

  it('cuts the connection', async () => {
    await addFault({ kind: 'cut' });
    await expect(initiate()).rejects.toThrow('fetch failed');
    await expectTraces('cut', null);
  });

  it('hangs until the client gives up', async () => {
    await addFault({ kind: 'hang' });
    const giveUp = new AbortController();
    const response = initiate(giveUp.signal);
    while ((await client.lastEntry())?.['fault'] !== 'hang');
    expect((await client.journal()).inFlight.now).toBe(1);
    giveUp.abort();
    await expect(response).rejects.toThrow('aborted');
    await expectTraces('hang', null);
  });

  it('returns an HTML page in place of JSON', async () => {
    await addFault({ kind: 'html' });
    const response = await initiate();
    expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    expect(await response.text()).toMatch(/^<!doctype html>/);
    await expectTraces('html', 200);
  });

  it('returns half of the JSON', async () => {
    await addFault({ kind: 'truncated' });
    const response = await initiate();
    const text = await response.text();
    expect([response.status, response.headers.get('content-length')]).toEqual([200, String(text.length)]);
    expect(text).toMatch(when === 'after-work' ? /^\{"sessionId":"/ : /^\{"note":"/);
    expect(() => JSON.parse(text) as unknown).toThrow();
    await expectTraces('truncated', 200);
  });
});

describe('a slow fault', () => {
  it.each(['before-work', 'after-work'])('delays the normal response with when=%s', async (when) => {
    await client.addFault({ endpoint: 'initiate', kind: 'slow', delayMs: 60, when });
    const start = performance.now();
    expect((await initiate()).status).toBe(200);
    expect(performance.now() - start).toBeGreaterThan(55);
    expect(await client.lastEntry()).toMatchObject({ result: 'ok', fault: 'slow', status: 200 });
  });

  it('does the work before it waits with when=after-work', async () => {
    await client.addFault({ endpoint: 'initiate', kind: 'slow', delayMs: 600_000, when: 'after-work' });
    const giveUp = new AbortController();
    const response = initiate(giveUp.signal);
    while ((await sessionCount()) === 0);
    giveUp.abort();
    await expect(response).rejects.toThrow('aborted');
  });
});

describe('the faults of the sandbox', () => {
  it('reject a valid token with 401', async () => {
    await client.addFault({ endpoint: 'lookup', kind: 'unauthorized' });
    expect((await client.lookup('nobody')).status).toBe(401);
    expect((await client.lookup('nobody')).status).toBe(404);
  });

  it('apply to the requested number of calls', async () => {
    await client.addFault({ endpoint: 'authorize', kind: 'status', status: 500, count: 2 });
    expect((await client.authorize()).status).toBe(500);
    expect((await client.control('faults')).body).toMatchObject([{ endpoint: 'authorize', count: 1 }]);
    expect((await client.authorize()).status).toBe(500);
    expect((await client.authorize()).status).toBe(200);
  });

  it('are cleared by DELETE', async () => {
    await client.addFault({ endpoint: 'authorize', kind: 'cut' });
    expect((await client.control('faults', 'DELETE')).body).toEqual([]);
    expect((await client.authorize()).status).toBe(200);
  });

  it('are rejected with a list of all problems', async () => {
    const bad = { endpoint: 'refund', kind: 'slow', count: 0, retryAfterSeconds: 1, colour: 'red' };
    const { status, body } = await client.control('faults', 'POST', bad);
    expect(status).toBe(400);
    for (const name of ['endpoint', 'count', 'delayMs', 'retryAfterSeconds', 'colour']) {
      expect(body['detail']).toContain(name);
    }
  });

  it('of kind unauthorized are rejected with when=after-work', async () => {
    const bad = { endpoint: 'initiate', kind: 'unauthorized', when: 'after-work' };
    expect(await client.control('faults', 'POST', bad)).toMatchObject({ status: 400 });
  });

  it('do not delay the shutdown of the sandbox', async () => {
    const other = await new TestSandbox().start();
    const otherClient = new SandboxClient(other);
    await otherClient.addFault({ endpoint: 'authorize', kind: 'hang' });
    const response = expect(otherClient.authorize()).rejects.toThrow('fetch failed');
    while ((await otherClient.journal()).entries.length === 0);
    await other.stop();
    await response;
  });
});
