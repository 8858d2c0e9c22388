import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { StreamingServer } from './streaming-server.js';

let server: StreamingServer;

beforeAll(async () => {
  server = await StreamingServer.start();
});
afterAll(() => server.stop());

const get = (path: string, headers: Record<string, string> = {}) =>
  fetch(server.url + path, { headers, redirect: 'manual' });

describe('the pages', () => {
  it.each(['/', '/graphiql'])('at %s load from here only, and stand in no frame', async (path) => {
    const answer = await get(path);
    const policy = answer.headers.get('content-security-policy') ?? '';
    expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toMatch(/\*|http|script-src[^;]*unsafe/);
    expect(answer.headers.get('referrer-policy')).toBe('no-referrer');
    expect(answer.headers.get('x-frame-options')).toBe('DENY');
    expect(await answer.text()).not.toMatch(/(?:src|href)="(?:https?:)?\/\/(?!studio\.apollographql\.com)/);
  });

  it('have every example operation, under a fresh key', async () => {
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

  it('are where browsers are led that open the graph', async () => {
    const answer = await get('/graphql', { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' });
    expect([answer.status, answer.headers.get('location')]).toEqual([302, '/']);
  });

  it('come again only when they have changed', async () => {
    const etag = (await get('/graphiql/page.js')).headers.get('etag') ?? '';
    expect((await get('/graphiql/page.js', { 'if-none-match': etag })).status).toBe(304);
    expect((await get('/graphiql/page.js', { 'if-none-match': '"other"' })).status).toBe(200);
  });

  it('consist of nothing else', async () => {
    expect((await get('/graphiql/__proto__')).status).toBe(404);
    expect((await get('/graphiql/..%2Fpackage.json')).status).toBe(404);
  });
});
