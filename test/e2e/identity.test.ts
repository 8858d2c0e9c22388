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

async function request(authorization: string | undefined, headers: Record<string, string> = {}): Promise<Response> {
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

/** All of a response that a client can observe, without what differs each time. */
async function observable(response: Response): Promise<object> {
  const { 'x-request-id': requestId = '', date, ...headers } = Object.fromEntries(response.headers);
  expect(date).toBeDefined();
  return { status: response.status, headers, body: (await response.text()).replace(requestId, 'ID') };
}

const rejectionCount = async (reason: string): Promise<number> => {
  const { body } = await gateway.get('/metrics');
  return Number(new RegExp(`flinks_pay_requests_rejected_total\\{reason="${reason}"\\} (\\d+)`).exec(body)?.[1] ?? 0);
};

/** How the gateway closes a WebSocket connection with these parameters. */
function closeEventFor(connectionParams: Record<string, unknown>): Promise<{ code: number; reason: string }> {
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

describe('a gateway that authenticates clients by access token', () => {
  it('accepts a valid token', async () => {
    expect((await request(await provider.bearer())).status).toBe(200);
  });

  it('rejects all other requests with the same response, and reports the reason in log and metrics', async () => {
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
    const first = await observable(await request(undefined));
    expect(first).toMatchObject({ status: 401, headers: { 'www-authenticate': 'Bearer' } });
    for (const [reason, authorization] of cases) {
      const before = await rejectionCount(reason);
      expect(await observable(await request(authorization))).toEqual(first);
      expect(await rejectionCount(reason)).toBe(before + 1);
      await gateway.logged(`"reason":"${reason}"`);
      expect(gateway.output).not.toContain(authorization?.split(' ')[1] ?? 'mark7319513773');
    }
    expect(gateway.output).not.toContain('mark7319513773');
  });

  it('rejects a request in the accepted GraphQL media type, without data', async () => {
    const response = await request(undefined, { accept: 'application/graphql-response+json, application/json;q=0.9' });
    expect(response.headers.get('content-type')).toBe('application/graphql-response+json; charset=utf-8');
    const body = (await response.json()) as object;
    expect(body).toMatchObject({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] });
    expect(body).not.toHaveProperty('data');
  });

  it.each([
    ['a GET', 'GET', '/graphql?query=%7B__typename%7D', {}],
    ['a stream', 'GET', '/graphql?query=subscription%7Bx%7D', { accept: 'text/event-stream' }],
    ['a body that is not JSON', 'POST', '/graphql', { 'content-type': 'text/plain' }],
  ])('also rejects %s without a token', async (_, method, path, headers) => {
    const body = method === 'POST' ? 'mark' : null;
    expect((await fetch(gateway.url + path, { method, headers, body })).status).toBe(401);
  });

  it('requires no token for health, metrics and preflights', async () => {
    expect((await gateway.get('/health/ready')).status).toBe(200);
    expect((await gateway.get('/metrics')).status).toBe(200);
    const headers = { origin: ORIGIN, 'access-control-request-method': 'POST' };
    const preflight = await fetch(`${gateway.url}/graphql`, { method: 'OPTIONS', headers });
    expect(preflight.status).toBe(204);
    expect(preflight.headers.get('access-control-allow-headers')).toContain('authorization');
  });

  it('lets pages read that they were rejected', async () => {
    const response = await request(undefined, { origin: ORIGIN });
    expect(response.status).toBe(401);
    expect(response.headers.get('access-control-allow-origin')).toBe(ORIGIN);
  });

  it('accepts a token in the parameters of a WebSocket connection, and closes one without a valid token', async () => {
    const client = createClient({
      url: `${gateway.url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      connectionParams: async () => ({ Authorization: await provider.bearer() }),
    });
    const results = [];
    for await (const { data } of client.iterate(QUERY)) results.push(data);
    expect(results).toMatchObject([{ paymentSessions: { edges: [] } }]);
    await client.dispose();
    const before = await rejectionCount('malformed');
    expect(await closeEventFor({ authorization: 'Bearer mark7319513773' })).toMatchObject({
      code: 4403,
      reason: 'Forbidden',
    });
    expect(await closeEventFor({})).toMatchObject({ code: 4403, reason: 'Forbidden' });
    expect(await rejectionCount('malformed')).toBe(before + 1);
  });

  it('closes a WebSocket connection whose token expires', async () => {
    // The token is accepted within the clock tolerance, and then it expires.
    const authorization = await provider.bearer({}, { expiresIn: -3 });
    expect(await closeEventFor({ authorization })).toMatchObject({ code: 4403 });
  });

  it('responds with 503 and a retry delay until it has the keys of the identity provider', async () => {
    provider.fault = (_, response) => response.destroy();
    const another = await start(provider.environment());
    const headers = { authorization: await provider.bearer(), 'content-type': 'application/json' };
    const body = JSON.stringify(QUERY);
    const response = await fetch(`${another.url}/graphql`, { method: 'POST', headers, body });
    expect(response.status).toBe(503);
    expect(response.headers.get('retry-after')).toBe('1');
    expect(await response.text()).toContain('"code":"IDENTITY_UNAVAILABLE"');
    // A gateway that has fetched the keys before still uses them.
    expect((await request(await provider.bearer())).status).toBe(200);
    provider.fault = undefined;
    await until(async () => (await another.post(QUERY, headers)).status === 200);
  });
});

describe('a gateway without authentication', () => {
  it('logs that once, and accepts only local host names', async () => {
    const open = await start();
    await open.logged('AUTH_MODE=none');
    expect(open.output.split('AUTH_MODE=none')).toHaveLength(2);
    const { port } = new URL(open.url);
    const responseTo = async (host: string): Promise<string> => {
      const socket = connectTo(open);
      socket.end(httpRequest(QUERY, host));
      return text(socket);
    };
    expect(await responseTo(`localhost:${port}`)).toMatch(/^HTTP\/1.1 200 /);
    for (const host of ['rebound.example', `127.0.0.1.rebound.example:${port}`, '192.168.1.7'])
      expect(await responseTo(host)).toMatch(/^HTTP\/1.1 403 [^]*"code":"FORBIDDEN"/);
  });
});

describe('a gateway that accepts requests only through the router', () => {
  it('rejects requests without the router secret', async () => {
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
    const problem = await new Promise((resolve) => socket.once('error', ({ message }) => resolve(message)));
    expect(problem).toContain('403');
    expect(routed.output).not.toContain(secret);
  });
});

describe('API keys', () => {
  it('take effect on all replicas when the command creates, rotates or revokes them', async () => {
    const postgres = await new TestPostgres().start();
    try {
      const environment = { FLINKS_BASE_URL: sandbox.url, AUTH_MODE: 'api-key', DATABASE_URL: postgres.databaseUrl() };
      const command = (...args: string[]) =>
        runToEnd({ ...environment, LOG_LEVEL: 'silent' }, ['commands/api-keys.js', ...args]);
      const keyIn = (output: string): string => /fpk_\w+/.exec(output)?.[0] ?? '';
      const replicas = [await start(environment), await start(environment)];
      const statuses = (key: string) =>
        Promise.all(replicas.map(async (each) => (await each.post(QUERY, { authorization: `Bearer ${key}` })).status));
      const untilStatusOnAll = (key: string, status: number) =>
        until(async () => (await statuses(key)).every((each) => each === status));

      const key = keyIn((await command('create', '--client', 'shop', '--scopes', 'payments:read')).output);
      expect(await statuses(key)).toEqual([200, 200]);
      const [, prefix = ''] = key.split('_');
      const rotated = keyIn((await command('rotate', prefix, '--overlap', '0m')).output);
      expect(await statuses(rotated)).toEqual([200, 200]);
      await untilStatusOnAll(key, 401);
      await command('revoke', rotated.split('_')[1] ?? '');
      await untilStatusOnAll(rotated, 401);

      const listed = (await command('list')).output;
      expect(listed.trim().split('\n')).toHaveLength(2);
      expect(listed).toMatch(new RegExp(`${prefix}  shop  payments:read  created \\S+  expired `));
      const stored = JSON.stringify(await postgres.query('select * from api_keys'));
      for (const secret of [key, rotated].map((each) => each.split('_')[2] ?? ''))
        for (const written of [listed, stored, output()]) expect(written).not.toContain(secret);
    } finally {
      await postgres.stop();
    }
  }, 90_000);

  it('are the only text that the command writes to standard output', async () => {
    const { child } = run({ FLINKS_BASE_URL: sandbox.url }, [
      'commands/api-keys.js',
      'create',
      '--client',
      'shop',
      '--scopes',
      'payments:read',
    ]);
    let standardOutput = '';
    child.stdout?.on('data', (chunk: Buffer) => (standardOutput += chunk.toString()));
    await new Promise((resolve) => child.once('close', resolve));
    expect(standardOutput).toMatch(/^fpk_[0-9A-Za-z]{12}_[0-9A-Za-z]{43}\n$/);
  });

  it('are not created if the options of the command are invalid', async () => {
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
