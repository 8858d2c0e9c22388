import { text } from 'node:stream/consumers';
import { describe, expect, it } from '@jest/globals';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { withGateway } from '../support/fixture.js';
import { run, runToEnd } from '../support/gateway.js';
import { IdentityProvider } from '../support/identity-provider.js';
import { CREATION, newInput, requestOf } from '../support/payments.js';
import { TestPostgres } from '../support/postgres.js';
import { connectTo, httpRequest } from '../support/raw-http.js';
import { until } from '../support/until.js';

const QUERY = { query: '{ paymentSessions(first: 1) { edges { node { id } } } }' };
const ORIGIN = 'https://shop.example';

const provider = new IdentityProvider();
const { sandbox, gateway, start, output } = withGateway({
  services: [provider],
  environment: () => ({ ...provider.environment(), CORS_ORIGINS: ORIGIN }),
});

async function ask(authorization: string | undefined, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${gateway.url}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(authorization === undefined ? {} : { authorization }),
      ...headers,
    },
    body: JSON.stringify(QUERY),
  });
}

/** All that a caller sees, but for what is another each time. */
async function seen(answer: Response): Promise<object> {
  const { 'x-request-id': requestId = '', date, ...headers } = Object.fromEntries(answer.headers);
  expect(date).toBeDefined();
  return { status: answer.status, headers, body: (await answer.text()).replace(requestId, 'ID') };
}

const counted = async (reason: string): Promise<number> => {
  const { body } = await gateway.get('/metrics');
  return Number(new RegExp(`flinks_pay_requests_rejected_total\\{reason="${reason}"\\} (\\d+)`).exec(body)?.[1] ?? 0);
};

/** How a WebSocket is closed that shows this. */
function closedBy(connectionParams: Record<string, unknown>): Promise<{ code: number; reason: string }> {
  return new Promise((resolve) => {
    createClient({
      url: `${gateway.url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      connectionParams,
      retryAttempts: 0,
      lazy: false,
      onNonLazyError: () => undefined,
      on: { closed: (event) => resolve(event as { code: number; reason: string }) },
    });
  });
}

describe('a gateway whose callers have tokens', () => {
  it('answers those it knows', async () => {
    expect((await ask(await provider.bearer())).status).toBe(200);
  });

  it('refuses everybody else in one way, whatever the reason, and names the reason in log and metrics', async () => {
    const cases: readonly (readonly [string, string | undefined])[] = [
      ['missing', undefined],
      ['malformed', 'Bearer mark7319513773'],
      ['malformed', 'Basic c2hvcDptYXJrNzMxOTUxMzc3Mw=='],
      ['expired', await provider.bearer({}, { expiresIn: -60 })],
      ['wrong_audience', await provider.bearer({ aud: 'orders' })],
      ['wrong_issuer', await provider.bearer({ iss: 'https://elsewhere.example' })],
      ['bad_signature', await provider.bearer({}, { kid: 'mark7319513773' })],
      ['bad_claims', await provider.bearer({ sub: '' })],
    ];
    const first = await seen(await ask(undefined));
    expect(first).toMatchObject({ status: 401, headers: { 'www-authenticate': 'Bearer' } });
    for (const [reason, authorization] of cases) {
      const before = await counted(reason);
      expect(await seen(await ask(authorization))).toEqual(first);
      expect(await counted(reason)).toBe(before + 1);
      await gateway.logged(`"reason":"${reason}"`);
      expect(gateway.output).not.toContain(authorization?.split(' ')[1] ?? 'mark7319513773');
    }
    expect(gateway.output).not.toContain('mark7319513773');
  });

  it('says so as GraphQL over HTTP has it, without data', async () => {
    const answer = await ask(undefined, { accept: 'application/graphql-response+json, application/json;q=0.9' });
    expect(answer.headers.get('content-type')).toBe('application/graphql-response+json; charset=utf-8');
    const body = (await answer.json()) as object;
    expect(body).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
    expect(body).not.toHaveProperty('data');
  });

  it.each([
    ['a GET', 'GET', '/graphql?query=%7B__typename%7D', {}],
    ['a stream', 'GET', '/graphql?query=subscription%7Bx%7D', { accept: 'text/event-stream' }],
    ['what is no JSON', 'POST', '/graphql', { 'content-type': 'text/plain' }],
  ])('refuses %s as well', async (_, method, path, headers) => {
    const body = method === 'POST' ? 'mark' : null;
    expect((await fetch(gateway.url + path, { method, headers, body })).status).toBe(401);
  });

  it('asks nobody who they are for health, metrics and preflights', async () => {
    expect((await gateway.get('/health/ready')).status).toBe(200);
    expect((await gateway.get('/metrics')).status).toBe(200);
    const headers = { origin: ORIGIN, 'access-control-request-method': 'POST' };
    const preflight = await fetch(`${gateway.url}/graphql`, { method: 'OPTIONS', headers });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('access-control-allow-headers')).toContain('authorization');
  });

  it('lets pages read that they were refused', async () => {
    const answer = await ask(undefined, { origin: ORIGIN });
    expect(answer.status).toBe(401);
    expect(answer.headers.get('access-control-allow-origin')).toBe(ORIGIN);
  });

  it('takes tokens in the parameters of a WebSocket, and closes on others', async () => {
    const client = createClient({
      url: `${gateway.url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      connectionParams: async () => ({ Authorization: await provider.bearer() }),
    });
    const results = [];
    for await (const { data } of client.iterate(QUERY)) results.push(data);
    expect(results).toMatchObject([{ paymentSessions: { edges: [] } }]);
    await client.dispose();
    const before = await counted('malformed');
    expect(await closedBy({ authorization: 'Bearer mark7319513773' })).toMatchObject({
      code: 4403,
      reason: 'Forbidden',
    });
    expect(await closedBy({})).toMatchObject({ code: 4403, reason: 'Forbidden' });
    expect(await counted('malformed')).toBe(before + 1);
  });

  it('closes a WebSocket whose token runs out', async () => {
    // The tolerance of clocks is taken for the rest of its time.
    const authorization = await provider.bearer({}, { expiresIn: -3 });
    expect(await closedBy({ authorization })).toMatchObject({ code: 4403 });
  });

  it('cannot tell who asks before it has keys, and says when to come back', async () => {
    provider.fault = (_, response) => response.destroy();
    const another = await start(provider.environment());
    const headers = { authorization: await provider.bearer(), 'content-type': 'application/json' };
    const body = JSON.stringify(QUERY);
    const answer = await fetch(`${another.url}/graphql`, { method: 'POST', headers, body });
    expect(answer.status).toBe(503);
    expect(answer.headers.get('retry-after')).toBe('1');
    expect(await answer.text()).toContain('"code":"IDENTITY_UNAVAILABLE"');
    // Those it had before are as good as they were.
    expect((await ask(await provider.bearer())).status).toBe(200);
    provider.fault = undefined;
    await until(async () => (await another.post(QUERY, headers)).status === 200);
  });
});

describe('a gateway that identifies nobody', () => {
  it('says so once, and only responds to names of its own machine', async () => {
    const open = await start();
    await open.logged('AUTH_MODE=none');
    expect(open.output.split('AUTH_MODE=none')).toHaveLength(2);
    const { port } = new URL(open.url);
    const asked = async (host: string): Promise<string> => {
      const socket = connectTo(open);
      socket.end(httpRequest(QUERY, host));
      return text(socket);
    };
    expect(await asked(`localhost:${port}`)).toMatch(/^HTTP\/1.1 200 /);
    for (const host of ['rebound.example', `127.0.0.1.rebound.example:${port}`, '192.168.1.7'])
      expect(await asked(host)).toMatch(/^HTTP\/1.1 403 [^]*"code":"FORBIDDEN"/);
  });
});

describe('a gateway that wants requests to come through the router', () => {
  it('refuses those that do not', async () => {
    const secret = 'the secret of the router';
    const routed = await start({ ROUTER_SECRETS: secret });
    const input = newInput();
    const { status, errors } = await routed.post(requestOf(CREATION, input), { 'router-authorization': `${secret}x` });
    expect(status).toBe(403);
    expect(errors).toMatchObject([
      { message: 'Requests must be sent through the router.', extensions: { code: 'FORBIDDEN' } },
    ]);
    expect(await sandbox.sessionsOf(input.customer)).toEqual([]);
    const headers = { 'router-authorization': secret };
    expect((await routed.post(requestOf(CREATION, input), headers)).status).toBe(200);
    const socket = new WebSocket(`${routed.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
    const refused = await new Promise((resolve) => socket.once('error', ({ message }) => resolve(message)));
    expect(refused).toContain('403');
    expect(routed.output).not.toContain(secret);
  });
});

describe('API keys', () => {
  it('are effective from the command to the responses of all replicas', async () => {
    const postgres = await new TestPostgres().start();
    try {
      const environment = { FLINKS_BASE_URL: sandbox.url, AUTH_MODE: 'api-key', DATABASE_URL: postgres.databaseUrl() };
      const command = (...args: string[]) =>
        runToEnd({ ...environment, LOG_LEVEL: 'silent' }, ['commands/api-keys.js', ...args]);
      const keyIn = (output: string): string => /fpk_\w+/.exec(output)?.[0] ?? '';
      const replicas = [await start(environment), await start(environment)];
      const statuses = (key: string) =>
        Promise.all(replicas.map(async (each) => (await each.post(QUERY, { authorization: `Bearer ${key}` })).status));
      const answeredAlike = (key: string, status: number) =>
        until(async () => (await statuses(key)).every((each) => each === status));

      const key = keyIn((await command('create', '--client', 'shop', '--scopes', 'payments:read')).output);
      expect(await statuses(key)).toEqual([200, 200]);
      const [, prefix = ''] = key.split('_');
      const rotated = keyIn((await command('rotate', prefix, '--overlap', '0m')).output);
      expect(await statuses(rotated)).toEqual([200, 200]);
      await answeredAlike(key, 401);
      await command('revoke', rotated.split('_')[1] ?? '');
      await answeredAlike(rotated, 401);

      const listed = (await command('list')).output;
      expect(listed.trim().split('\n')).toHaveLength(2);
      expect(listed).toMatch(new RegExp(`${prefix}  shop  payments:read  created \\S+  expired `));
      const kept = JSON.stringify(await postgres.query('select * from api_keys'));
      for (const secret of [key, rotated].map((each) => each.split('_')[2] ?? ''))
        for (const written of [listed, kept, output()]) expect(written).not.toContain(secret);
    } finally {
      await postgres.stop();
    }
  }, 90_000);

  it('are told apart from what is said of them', async () => {
    const { child } = run({ FLINKS_BASE_URL: sandbox.url }, [
      'commands/api-keys.js',
      'create',
      '--client',
      'shop',
      '--scopes',
      'payments:read',
    ]);
    let shown = '';
    child.stdout?.on('data', (chunk: Buffer) => (shown += chunk.toString()));
    await new Promise((resolve) => child.once('close', resolve));
    expect(shown).toMatch(/^fpk_[0-9A-Za-z]{12}_[0-9A-Za-z]{43}\n$/);
  });

  it('are not made of what the command does not understand', async () => {
    const { code, output } = await runToEnd({ FLINKS_BASE_URL: sandbox.url }, [
      'commands/api-keys.js',
      'create',
      '--scopes',
      'x',
    ]);
    expect(code).toBe(1);
    expect(output).toMatch(/^Nothing was done: --client must .*; --scopes must /);
  });
});
