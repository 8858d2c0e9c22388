import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from '@jest/globals';
import { print } from 'graphql';
import { CreatePaymentSessionDocument, SendPaymentRequestDocument } from '../../client/src/generated/operations.js';
import { createVariables, sendVariables } from '../support/examples.js';
import { withSandbox } from '../support/fixture.js';
import { TestGateway, runToEnd } from '../support/gateway.js';
import { connectTo, httpRequest } from '../support/raw-http.js';

const createRequest = () => ({ query: print(CreatePaymentSessionDocument), variables: createVariables() });
const sendRequest = () => ({ query: print(SendPaymentRequestDocument), variables: sendVariables() });

describe('the start of the gateway', () => {
  it('fails and names every missing or invalid variable at once', async () => {
    const { code, output } = await runToEnd({
      NODE_ENV: '',
      PORT: '70000',
      LOG_LEVEL: 'loud',
      FLINKS_BASE_URL: 'http://user:secret-in-url@flinks.example/path?x',
      FLINKS_TIMEOUT: '10',
      MUTATION_TIMEOUT: '0s',
      MAX_PAYMENT_AMOUNT: '1,000.00',
      FLINKS_TOKEN_POLICY: 'sometimes',
      FLINKS_API_VARIANT: 'amountEncoding=float,colour=red',
      FLINKS_WEBHOOK_SECRETS: 'secret-in-url',
      AUTH_MODE: 'none',
      DATABASE_URL: 'mysql://user:secret-in-url@db.example/payments',
      DATA_ENCRYPTION_KEYS: 'a:secret-in-url',
      IDEMPOTENCY_LEASE: '0s',
      IDEMPOTENCY_RETENTION: 'ever',
      PERSONAL_DATA_RETENTION: '-1',
    });
    expect(code).toBe(1);
    const named = [...output.matchAll(/^ {2}- (\w+)/gm)].map(([, variable]) => variable);
    expect(new Set(named)).toEqual(
      new Set([
        'AUTH_MODE',
        'DATABASE_URL',
        'DATA_ENCRYPTION_KEYS',
        'FLINKS_BASE_URL',
        'FLINKS_INSTANCE',
        'FLINKS_PASSWORD',
        'FLINKS_API_VARIANT',
        'FLINKS_TIMEOUT',
        'FLINKS_TOKEN_POLICY',
        'FLINKS_USERNAME',
        'FLINKS_WEBHOOK_SECRETS',
        'IDEMPOTENCY_LEASE',
        'IDEMPOTENCY_RETENTION',
        'LOG_LEVEL',
        'MAX_PAYMENT_AMOUNT',
        'MUTATION_TIMEOUT',
        'PERSONAL_DATA_RETENTION',
        'PORT',
      ]),
    );
    expect(output).not.toContain('secret-in-url');
    expect(output).not.toContain('    at ');
  });

  it('fails in production without authentication', async () => {
    const { code, output } = await runToEnd({
      NODE_ENV: 'production',
      FLINKS_BASE_URL: 'https://payments-uat.flinksapp.com',
      FLINKS_INSTANCE: 'x',
      FLINKS_USERNAME: 'x',
      FLINKS_PASSWORD: 'x',
      DATABASE_URL: 'postgres://gateway@db.example/payments',
      DATA_ENCRYPTION_KEYS: `2026:${randomBytes(32).toString('base64')}`,
    });
    expect({ code, output }).toEqual({
      code: 1,
      output: expect.stringMatching(/\n {2}- AUTH_MODE none is not allowed [^\n]+\n$/),
    });
  });

  it('fails without authentication on an address that other machines can reach', async () => {
    const { code, output } = await runToEnd({ HOST: '0.0.0.0', FLINKS_BASE_URL: 'http://127.0.0.1:1' });
    expect({ code, output }).toEqual({
      code: 1,
      output: expect.stringContaining('AUTH_MODE none is allowed on a loopback'),
    });
  });

  it('fails with an error that names the port in use', async () => {
    const first = await new TestGateway().start('http://127.0.0.1:1');
    const { code, output } = await runToEnd({ PORT: new URL(first.url).port, FLINKS_BASE_URL: 'http://127.0.0.1:1' });
    await first.stop();
    expect({ code, output }).toEqual({ code: 1, output: expect.stringContaining('EADDRINUSE') });
  });
});

describe('a running gateway', () => {
  const { sandbox, start } = withSandbox({ per: 'test' });

  it('is ready while Flinks is down, and reports the state of Flinks', async () => {
    const gateway = await start({ FLINKS_TOKEN_POLICY: 'auto' });
    await sandbox.stop();
    await gateway.run(CreatePaymentSessionDocument, createVariables());
    expect(await gateway.get('/health/live')).toEqual({ status: 200, body: '{"status":"live"}' });
    const ready = await gateway.get('/health/ready');
    expect(ready.status).toBe(200);
    expect(JSON.parse(ready.body)).toEqual({
      status: 'ready',
      store: { status: 'ready' },
      flinks: {
        status: 'PROVIDER_UNAVAILABLE',
        problem: expect.stringMatching(/no-token|no-connection/),
        circuit: 'closed',
        tokens: { policy: 'auto' },
      },
    });
  });

  it('finishes mutations in progress while it drains, and rejects new ones', async () => {
    const gateway = await start();
    await sandbox.setSwitches({ latencyMs: 400 });
    const idle = connectTo(gateway);
    await once(idle, 'connect');
    const inProgress = gateway.run(CreatePaymentSessionDocument, createVariables());
    await sandbox.called();
    gateway.signal('SIGTERM');
    await gateway.logged('draining');
    idle.write(httpRequest(createRequest()));
    expect(await text(idle)).toMatch(/^HTTP\/1.1 503 [^]+connection: close[^]+SHUTTING_DOWN/);
    await expect(fetch(`${gateway.url}/health/live`)).rejects.toThrow();
    expect((await inProgress).data?.createPaymentSession.__typename).toBe('CreatePaymentSessionSuccess');
    expect(await gateway.ended()).toBe(0);
    expect(await sandbox.sessions()).toHaveLength(1);
  });

  it('drains although idle connections stay open', async () => {
    const gateway = await start({ MUTATION_TIMEOUT: '10m', IDEMPOTENCY_LEASE: '600001ms' });
    const idle = connectTo(gateway);
    await once(idle, 'connect');
    await gateway.run(CreatePaymentSessionDocument, createVariables());
    gateway.signal('SIGTERM');
    expect(await gateway.ended()).toBe(0);
  });

  it('finishes a send before it ends, although the client has disconnected', async () => {
    const gateway = await start();
    await sandbox.setSwitches({ latencyMs: 300 });
    const connection = connectTo(gateway);
    connection.write(httpRequest(sendRequest()));
    await sandbox.called();
    connection.destroy();
    gateway.signal('SIGTERM');
    expect(await gateway.ended()).toBe(0);
    expect(gateway.output).toContain('"delivery":"EMAIL","outcome":"succeeded"');
    expect(await sandbox.outbox()).toHaveLength(1);
  });

  it('finishes a send that began while it was draining', async () => {
    const gateway = await start();
    await sandbox.setSwitches({ latencyMs: 300 });
    const connection = connectTo(gateway);
    const request = httpRequest(sendRequest());
    connection.write(request.slice(0, -20));
    await gateway.get('/health/live');
    gateway.signal('SIGTERM');
    await gateway.logged('draining');
    connection.write(request.slice(-20));
    await sandbox.called();
    connection.destroy();
    expect(await gateway.ended()).toBe(0);
    expect(gateway.output).toContain('"delivery":"EMAIL","outcome":"succeeded"');
  });

  it('drains although a client never finishes its request', async () => {
    const gateway = await start({ MUTATION_TIMEOUT: '10m', IDEMPOTENCY_LEASE: '600001ms' });
    const connection = connectTo(gateway);
    connection.write(httpRequest(createRequest()).slice(0, -20));
    await gateway.get('/health/live');
    gateway.signal('SIGTERM');
    expect(await gateway.ended()).toBe(0);
    expect(await sandbox.calls('authorize')).toBe(0);
  });

  it('does not respond to a mutation with 400 for stray bytes after it', async () => {
    const gateway = await start();
    await sandbox.setSwitches({ latencyMs: 200 });
    const connection = connectTo(gateway);
    connection.write(httpRequest(createRequest()));
    await sandbox.called();
    connection.write('stray bytes\r\n\r\n');
    expect(await text(connection)).not.toContain('400 Bad Request');
    await gateway.logged('"outcome":"succeeded"');
  });

  it('finishes a mutation whose client disconnects', async () => {
    const gateway = await start();
    await sandbox.setSwitches({ latencyMs: 100 });
    const connection = connectTo(gateway);
    connection.write(httpRequest(createRequest()));
    await sandbox.called();
    connection.destroy();
    await gateway.logged('"outcome":"succeeded"');
    await gateway.logged('"hungUp":true');
    expect(await sandbox.calls('activate')).toBe(1);
  });

  it('rejects a request with two mutations as a whole', async () => {
    const gateway = await start();
    const field = (alias: string) => `${alias}: createPaymentSession(input: $input) { __typename }`;
    const head = 'mutation ($input: CreatePaymentSessionInput!)';
    for (const query of [
      `${head} { ${field('a')} ${field('b')} }`,
      `${head} { ...two } fragment two on Mutation { ${field('a')} ... on Mutation { ${field('b')} } }`,
      `${head} { ...one ${field('b')} } fragment one on Mutation { __typename ${field('a')} }`,
    ]) {
      const response = await gateway.post({ query, variables: createVariables() });
      expect(response).toMatchObject({ status: 400, errors: [{ message: 'Send one mutation per request.' }] });
    }
    expect(await sandbox.calls('authorize')).toBe(0);
    const query = `${head} { __typename ...one ...one } fragment one on Mutation { ${field('a')} }`;
    expect(await gateway.post({ query, variables: createVariables() })).toMatchObject({
      data: { a: { __typename: 'CreatePaymentSessionSuccess' } },
    });
    expect(await sandbox.sessions()).toHaveLength(1);
  });

  it('treats a null variable in an input object as bad input, not as an internal error', async () => {
    const gateway = await start();
    const query = `mutation ($c: PaymentCurrency) { createPaymentSession(input: { idempotencyKey: "${randomUUID()}",
      customer: { userId: "u", name: "Zoë Marker", email: "marker@example.com" },
      amount: { value: "1.00", currency: $c } }) { __typename } }`;
    const response = await gateway.post({ query, variables: { c: null } });
    expect(response.errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', inputPath: ['input'] } }]);
    await gateway.logged('"msg":"request"');
    expect(JSON.stringify(response) + gateway.output).not.toMatch(/marker/i);
    expect(gateway.output).not.toContain('"level":"error"');
  });

  it('exposes metrics of payments and of requests to Flinks', async () => {
    const gateway = await start();
    await gateway.run(CreatePaymentSessionDocument, createVariables());
    const { body } = await gateway.get('/metrics');
    expect(body).toContain('flinks_pay_payment_creations_total{delivery_method="LINK",result="succeeded"} 1');
    expect(body).toContain(
      'flinks_pay_provider_request_duration_seconds_count{endpoint="initiate",result="succeeded"} 1',
    );
    expect(body).toContain('flinks_pay_circuit_open 0');
  });
});
