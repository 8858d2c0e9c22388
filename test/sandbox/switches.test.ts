import { describe, expect, it } from '@jest/globals';
import { readEnvironment } from '../../sandbox/environment.js';
import { defaultSwitches } from '../../sandbox/switches.js';
import { withSandbox } from '../support/fixture.js';
import { Caller, payment } from './caller.js';

const { sandbox } = withSandbox({ per: 'test' });
const caller = new Caller(sandbox);

describe('switches at run time', () => {
  it('start with the defaults', async () => {
    expect((await caller.control('switches')).body).toEqual(defaultSwitches);
  });

  it('set the life told with a token', async () => {
    await caller.switchTo({ tokenLifeSeconds: 599 });
    expect((await caller.authorize()).body).toMatchObject({ token_type: 'bearer', expires_in: 599 });
  });

  it('take the credentials as form fields', async () => {
    await caller.switchTo({ credentials: 'form' });
    expect((await caller.authorize()).status).toBe(401);
    const form = 'grant_type=client_credentials&Username=sandbox&Password=sandbox-password';
    expect((await caller.authorize({ authorization: '' }, form)).status).toBe(200);
  });

  it('take the token in the BearerToken header', async () => {
    await caller.switchTo({ tokenHeader: 'BearerToken' });
    expect((await caller.post('sessions/initiate', payment)).status).toBe(401);
    const headers = { bearertoken: await caller.token() };
    expect((await caller.post('sessions/initiate', payment, headers)).status).toBe(200);
  });

  it('take the URLs as clientURIs only', async () => {
    await caller.switchTo({ clientUrlsField: 'clientURIs' });
    const urls = ['https://merchant.example'];
    expect((await caller.post('sessions/initiate', { ...payment, clientUrls: urls })).status).toBe(400);
    expect((await caller.post('sessions/initiate', { ...payment, clientURIs: urls })).status).toBe(200);
    expect((await caller.control('sessions')).body).toMatchObject([{ clientUrls: urls }]);
  });

  it('take the amount as text only', async () => {
    await caller.switchTo({ amountEncoding: 'string' });
    expect((await caller.post('sessions/initiate', payment)).status).toBe(400);
    expect((await caller.post('sessions/initiate', { ...payment, amount: '250.10' })).status).toBe(200);
    expect(await caller.lastEntry()).toMatchObject({ amount: '250.10' });
  });

  it('leave sendrequest to be activated and use schema B', async () => {
    await caller.switchTo({ sendRequestNeedsActivation: true, statusSchema: 'B' });
    const { sessionId } = (await caller.post('sessions/sendrequest', payment)).body;
    const { requestId } = (await caller.post('paymentrequests', { sessionId })).body;
    expect((await caller.lookup(String(requestId))).body).toEqual({
      id: requestId,
      status: 'Initiated',
      paymentReferenceNumber: 'SANDBOX-1',
    });
  });

  it('are refused with every problem listed', async () => {
    const { status, body } = await caller.control('switches', 'PATCH', { latencyMs: -1, statusSchema: 'C', colour: 1 });
    expect(status).toBe(400);
    for (const name of ['latencyMs', 'statusSchema', 'colour']) expect(body['detail']).toContain(name);
    expect((await caller.control('switches')).body).toEqual(defaultSwitches);
  });
});

describe('switches from the environment', () => {
  it('have defaults for what is not set', () => {
    expect(readEnvironment({})).toEqual({ switches: defaultSwitches, port: 4010 });
  });

  it('are read as their own types', () => {
    const environment = { SANDBOX_TOKEN_LIFE_SECONDS: '0.5', SANDBOX_SINGLE_USE_TOKENS: 'true', SANDBOX_PORT: '0' };
    expect(readEnvironment(environment)).toEqual({
      switches: { ...defaultSwitches, tokenLifeSeconds: 0.5, singleUseTokens: true },
      port: 0,
    });
  });

  it.each(['', 'https://merchant.example/webhooks'])('name the receiver of webhooks, or none: "%s"', (webhookUrl) => {
    expect(readEnvironment({ SANDBOX_WEBHOOK_URL: webhookUrl })).toEqual({
      switches: { ...defaultSwitches, webhookUrl },
      port: 4010,
    });
  });

  it('are refused by name all at once', () => {
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
