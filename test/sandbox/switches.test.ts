import { describe, expect, it } from '@jest/globals';
import { readEnvironment } from '../../sandbox/environment.js';
import { defaultSwitches } from '../../sandbox/switches.js';
import { TestSandbox } from '../support/sandbox.js';
import { withService } from '../support/services.js';
import { SandboxClient, payment } from './sandbox-client.js';

const sandbox = withService(new TestSandbox(), 'test');
const client = new SandboxClient(sandbox);

describe('the switches of a running sandbox', () => {
  it('have their defaults at the start', async () => {
    expect((await client.control('switches')).body).toEqual(defaultSwitches);
  });

  it('set the lifetime that a token response states', async () => {
    await client.setSwitches({ tokenLifeSeconds: 599 });
    expect((await client.authorize()).body).toMatchObject({ token_type: 'bearer', expires_in: 599 });
  });

  it('require the credentials as form fields', async () => {
    await client.setSwitches({ credentials: 'form' });
    expect((await client.authorize()).status).toBe(401);
    const form = 'grant_type=client_credentials&Username=sandbox&Password=sandbox-password';
    expect((await client.authorize({ authorization: '' }, form)).status).toBe(200);
  });

  it('require the token in the BearerToken header', async () => {
    await client.setSwitches({ tokenHeader: 'BearerToken' });
    expect((await client.post('sessions/initiate', payment)).status).toBe(401);
    const headers = { bearertoken: await client.token() };
    expect((await client.post('sessions/initiate', payment, headers)).status).toBe(200);
  });

  it('require the URLs in the field clientURIs', async () => {
    await client.setSwitches({ clientUrlsField: 'clientURIs' });
    const urls = ['https://merchant.example'];
    expect((await client.post('sessions/initiate', { ...payment, clientUrls: urls })).status).toBe(400);
    expect((await client.post('sessions/initiate', { ...payment, clientURIs: urls })).status).toBe(200);
    expect((await client.control('sessions')).body).toMatchObject([{ clientUrls: urls }]);
  });

  it('require the amount as text', async () => {
    await client.setSwitches({ amountEncoding: 'string' });
    expect((await client.post('sessions/initiate', payment)).status).toBe(400);
    expect((await client.post('sessions/initiate', { ...payment, amount: '250.10' })).status).toBe(200);
    expect(await client.lastEntry()).toMatchObject({ amount: '250.10' });
  });

  it('require the activation of sendrequest and select response schema B', async () => {
    await client.setSwitches({ sendRequestNeedsActivation: true, statusSchema: 'B' });
    const { sessionId } = (await client.post('sessions/sendrequest', payment)).body;
    const { requestId } = (await client.post('paymentrequests', { sessionId })).body;
    expect((await client.lookup(String(requestId))).body).toEqual({
      id: requestId,
      status: 'Initiated',
      paymentReferenceNumber: 'SANDBOX-1',
    });
  });

  it('are rejected with a list of all problems', async () => {
    const { status, body } = await client.control('switches', 'PATCH', { latencyMs: -1, statusSchema: 'C', colour: 1 });
    expect(status).toBe(400);
    for (const name of ['latencyMs', 'statusSchema', 'colour']) expect(body['detail']).toContain(name);
    expect((await client.control('switches')).body).toEqual(defaultSwitches);
  });
});

describe('the switches in environment variables', () => {
  it('have their defaults when not set', () => {
    expect(readEnvironment({})).toEqual({ switches: defaultSwitches, port: 4010 });
  });

  it('are parsed into their types', () => {
    const environment = { SANDBOX_TOKEN_LIFE_SECONDS: '0.5', SANDBOX_SINGLE_USE_TOKENS: 'true', SANDBOX_PORT: '0' };
    expect(readEnvironment(environment)).toEqual({
      switches: { ...defaultSwitches, tokenLifeSeconds: 0.5, singleUseTokens: true },
      port: 0,
    });
  });

  it.each(['', 'https://merchant.example/webhooks'])('accept "%s" as the receiver of webhooks', (webhookUrl) => {
    expect(readEnvironment({ SANDBOX_WEBHOOK_URL: webhookUrl })).toEqual({
      switches: { ...defaultSwitches, webhookUrl },
      port: 4010,
    });
  });

  it('are rejected by name, all at once', () => {
    const bad = {
      SANDBOX_LATENCY_MS: 'soon',
      SANDBOX_SINGLE_USE_TOKENS: 'yes',
      SANDBOX_PORT: '',
      SANDBOX_CREDENTIALS: 'x',
      SANDBOX_WEBHOOK_URL: 'localhost:4000',
      SANDBOX_CANCEL: 'v1',
    };
    const read = readEnvironment(bad);
    const problems = 'problems' in read ? read.problems.map((problem) => problem.split(':')[0]) : [];
    expect(problems.sort()).toEqual(Object.keys(bad).sort());
  });
});
