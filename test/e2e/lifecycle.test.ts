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

const creation = () => ({ query: print(CreatePaymentSessionDocument), variables: createVariables() });
const sending = () => ({ query: print(SendPaymentRequestDocument), variables: sendVariables() });

describe('the start', () => {
  it('names every missing or bad variable at once', async () => {
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

  it('is refused in production while callers are not identified', async () => {
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

  it('is refused on an address that others reach', async () => {
    const { code, output } = await runToEnd({ HOST: '0.0.0.0', FLINKS_BASE_URL: 'http://127.0.0.1:1' });
    expect({ code, output }).toEqual({
      code: 1,
      output: expect.stringContaining('AUTH_MODE none is allowed on a loopback'),
    });
  });

  it('tells that its port is taken', async () => {
    const first = await new TestGateway().start('http://127.0.0.1:1');
    const { code, output } = await runToEnd({ PORT: new URL(first.url).port, FLINKS_BASE_URL: 'http://127.0.0.1:1' });
    await first.stop();
    expect({ code, output }).toEqual({ code: 1, output: expect.stringContaining('EADDRINUSE') });
  });
});

describe('a running gateway', () => {
  const { sandbox, start } = withSandbox({ per: 'test' });

  it('is ready while Flinks is down, and shows it', async () => {
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

  it('lets mutations under way finish and refuses new ones', async () => {
    const gateway = await start();
    await sandbox.setSwitches({ latencyMs: 400 });
    const silent = connectTo(gateway);
    await once(silent, 'connect');
    const underWay = gateway.run(CreatePaymentSessionDocument, createVariables());
    await sandbox.called();
    gateway.signal('SIGTERM');
    await gateway.logged('draining');
    silent.write(httpRequest(creation()));
    expect(await text(silent)).toMatch(/^HTTP\/1.1 503 [^]+connection: close[^]+SHUTTING_DOWN/);
    await expect(fetch(`${gateway.url}/health/live`)).rejects.toThrow();
    expect((await underWay).data?.createPaymentSession.__typename).toBe('CreatePaymentSessionSuccess');
    expect(await gateway.ended()).toBe(0);
    expect(await sandbox.sessions()).toHaveLength(1);
  });

  it('drains though connections stay open and silent', async () => {
    const gateway = await start({ MUTATION_TIMEOUT: '10m', IDEMPOTENCY_LEASE: '600001ms' });
    const silent = connectTo(gateway);
    await once(silent, 'connect');
    await gateway.run(CreatePaymentSessionDocument, createVariables());
    gateway.signal('SIGTERM');
    expect(await gateway.ended()).toBe(0);
  });

  it('drains a send whose caller hung up', async () => {
    const gateway = await start();
    await sandbox.setSwitches({ latencyMs: 300 });
    const caller = connectTo(gateway);
    caller.write(httpRequest(sending()));
    await sandbox.called();
    caller.destroy();
    gateway.signal('SIGTERM');
    expect(await gateway.ended()).toBe(0);
    expect(gateway.output).toContain('"delivery":"EMAIL","outcome":"succeeded"');
    expect(await sandbox.outbox()).toHaveLength(1);
  });

  it('drains a send that began while it drained', async () => {
    const gateway = await start();
    await sandbox.setSwitches({ latencyMs: 300 });
    const caller = connectTo(gateway);
    const request = httpRequest(sending());
    caller.write(request.slice(0, -20));
    await gateway.get('/health/live');
    gateway.signal('SIGTERM');
    await gateway.logged('draining');
    caller.write(request.slice(-20));
    await sandbox.called();
    caller.destroy();
    expect(await gateway.ended()).toBe(0);
    expect(gateway.output).toContain('"delivery":"EMAIL","outcome":"succeeded"');
  });

  it('drains though a client never finishes its request', async () => {
    const gateway = await start({ MUTATION_TIMEOUT: '10m', IDEMPOTENCY_LEASE: '600001ms' });
    const caller = connectTo(gateway);
    caller.write(httpRequest(creation()).slice(0, -20));
    await gateway.get('/health/live');
    gateway.signal('SIGTERM');
    expect(await gateway.ended()).toBe(0);
    expect(await sandbox.calls('authorize')).toBe(0);
  });

  it('answers no mutation with 400 for what follows it', async () => {
    const gateway = await start();
    await sandbox.setSwitches({ latencyMs: 200 });
    const caller = connectTo(gateway);
    caller.write(httpRequest(creation()));
    await sandbox.called();
    caller.write('stray bytes\r\n\r\n');
    expect(await text(caller)).not.toContain('400 Bad Request');
    await gateway.logged('"outcome":"succeeded"');
  });

  it('runs a mutation to its end when the caller hangs up', async () => {
    const gateway = await start();
    await sandbox.setSwitches({ latencyMs: 100 });
    const caller = connectTo(gateway);
    caller.write(httpRequest(creation()));
    await sandbox.called();
    caller.destroy();
    await gateway.logged('"outcome":"succeeded"');
    await gateway.logged('"hungUp":true');
    expect(await sandbox.calls('activate')).toBe(1);
  });

  it('refuses a request with two mutations as a whole', async () => {
    const gateway = await start();
    const field = (alias: string) => `${alias}: createPaymentSession(input: $input) { __typename }`;
    const head = 'mutation ($input: CreatePaymentSessionInput!)';
    for (const query of [
      `${head} { ${field('a')} ${field('b')} }`,
      `${head} { ...two } fragment two on Mutation { ${field('a')} ... on Mutation { ${field('b')} } }`,
      `${head} { ...one ${field('b')} } fragment one on Mutation { __typename ${field('a')} }`,
    ]) {
      const answer = await gateway.post({ query, variables: createVariables() });
      expect(answer).toMatchObject({ status: 400, errors: [{ message: 'Send one mutation per request.' }] });
    }
    expect(await sandbox.calls('authorize')).toBe(0);
    const query = `${head} { __typename ...one ...one } fragment one on Mutation { ${field('a')} }`;
    expect(await gateway.post({ query, variables: createVariables() })).toMatchObject({
      data: { a: { __typename: 'CreatePaymentSessionSuccess' } },
    });
    expect(await sandbox.sessions()).toHaveLength(1);
  });

  it('tells a null in a document apart from a fault', async () => {
    const gateway = await start();
    const query = `mutation ($c: PaymentCurrency) { createPaymentSession(input: { idempotencyKey: "${randomUUID()}",
      customer: { userId: "u", name: "Zoë Marker", email: "marker@example.com" },
      amount: { value: "1.00", currency: $c } }) { __typename } }`;
    const answer = await gateway.post({ query, variables: { c: null } });
    expect(answer.errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', inputPath: ['input'] } }]);
    await gateway.logged('"msg":"request"');
    expect(JSON.stringify(answer) + gateway.output).not.toMatch(/marker/i);
    expect(gateway.output).not.toContain('"level":"error"');
  });

  it('shows figures of payments and calls to Flinks', async () => {
    const gateway = await start();
    await gateway.run(CreatePaymentSessionDocument, createVariables());
    const { body } = await gateway.get('/metrics');
    expect(body).toContain('flinks_pay_payment_requests_total{delivery_method="LINK",result="succeeded"} 1');
    expect(body).toContain(
      'flinks_pay_provider_request_duration_seconds_count{endpoint="initiate",result="succeeded"} 1',
    );
    expect(body).toContain('flinks_pay_circuit_open 0');
  });
});
