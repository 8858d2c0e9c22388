import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { StreamingServer } from './streaming-server.js';

let server: StreamingServer;

beforeAll(async () => {
  server = await StreamingServer.start();
});
afterAll(() => server.stop());

const get = (path: string, headers: Record<string, string> = {}) =>
  fetch(server.url + path, { headers, redirect: 'manual' });

/** In place of a text whose difference nobody could read. */
const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');

describe('the explorer pages', () => {
  it.each(['/', '/graphiql'])('at %s load from their own origin only and cannot be framed', async (path) => {
    const response = await get(path);
    const policy = response.headers.get('content-security-policy') ?? '';
    expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toMatch(/\*|http|script-src[^;]*unsafe/);
    expect(response.headers.get('referrer-policy')).toBe('no-referrer');
    expect(response.headers.get('x-frame-options')).toBe('DENY');
    expect(await response.text()).not.toMatch(/(?:src|href)="(?:https?:)?\/\/(?!studio\.apollographql\.com)/);
  });

  it('contain every example operation with a fresh idempotency key', async () => {
    const tabsIn = async () => {
      const html = await (await get('/graphiql')).text();
      const [, settings = ''] = /<script type="application\/json" id="settings">(.+)<\/script>/.exec(html) ?? [];
      return (JSON.parse(settings) as { defaultTabs: { query: string; variables: string }[] }).defaultTabs;
    };
    const [tabs, later] = [await tabsIn(), await tabsIn()];
    expect(tabs.map(({ query }) => /\w+ (\w+)/.exec(query)?.[1])).toEqual(
      expect.arrayContaining(['CreatePaymentSession', 'PaymentSessionUpdated', 'ValidatePayment']),
    );
    expect(tabs.every(({ variables }) => typeof JSON.parse(variables) === 'object')).toBe(true);
    expect(tabs[0]?.variables).toContain('LOAN-1042');
    expect(tabs[0]?.variables).not.toBe(later[0]?.variables);
  });

  it('are where a browser that opens /graphql is redirected', async () => {
    const response = await get('/graphql', { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' });
    expect([response.status, response.headers.get('location')]).toEqual([302, '/']);
  });

  it('are sent again only when they have changed', async () => {
    const etag = (await get('/graphiql/page.js')).headers.get('etag') ?? '';
    expect((await get('/graphiql/page.js', { 'if-none-match': etag })).status).toBe(304);
    expect((await get('/graphiql/page.js', { 'if-none-match': '"other"' })).status).toBe(200);
  });

  it('have the files of GraphiQL, which the build copies from a development dependency', async () => {
    const graphiql = await import('@graphql-yoga/render-graphiql/graphiql');
    const file = async (name: string) => {
      const response = await get(`/graphiql/${name}`);
      return [response.headers.get('content-type'), hashOf(await response.text())];
    };
    const [css, script] = ['text/css; charset=utf-8', 'text/javascript; charset=utf-8'];
    expect(await file('graphiql.css')).toEqual([css, hashOf(graphiql.css)]);
    expect(await file('graphiql.js')).toEqual([script, hashOf(graphiql.js)]);
    expect(await file('editorWorkerService.worker.js')).toEqual([script, hashOf(graphiql.editorWorkerService)]);
    expect(await file('graphql.worker.js')).toEqual([script, hashOf(graphiql.graphqlWorker)]);
    expect(await file('json.worker.js')).toEqual([script, hashOf(graphiql.jsonWorker)]);
  });

  it('include no other files', async () => {
    expect((await get('/graphiql/__proto__')).status).toBe(404);
    expect((await get('/graphiql/..%2Fpackage.json')).status).toBe(404);
  });
});
