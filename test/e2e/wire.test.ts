import { createServer } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CreatePaymentSessionDocument } from '../../client/src/generated/operations.js';
import { createVariables } from '../support/examples.js';
import { TestGateway } from '../support/gateway.js';
import { close, listen, portOf } from '../support/loopback.js';

interface RecordedRequest {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** Another server of the documented API: its status codes, casing, ids and extra fields differ from the sandbox. */
const RESPONSES: Record<string, [status: number, body: string]> = {
  '/api/v1/authorize': [200, '{"access_token":"opaque~token","token_type":"Bearer","expires_in":599,"scope":"pay"}'],
  '/api/v1/sessions/initiate': [201, '{"SessionId":"{S-1}","ReferenceId":null,"links":[]}'],
  '/api/v1/paymentrequests': [201, '{"RequestId":"R-1"}'],
};

const requests: RecordedRequest[] = [];
const gateway = new TestGateway();
const server = createServer((request, response) => {
  void text(request).then((body) => {
    requests.push({ method: request.method, url: request.url, headers: request.headers, body });
    const [status, responseBody] = RESPONSES[request.url ?? ''] ?? [404, ''];
    response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' }).end(responseBody);
  });
});

beforeAll(async () => {
  await listen(server);
  const environment = { FLINKS_APP_URL: 'https://pay.example/app/?lang=fr' };
  await gateway.start(`http://127.0.0.1:${portOf(server)}`, environment);
});
afterAll(async () => {
  await gateway.kill();
  await close(server);
});

describe('the Flinks adapter', () => {
  it('works with another server that follows the documented API', async () => {
    const { input } = createVariables();
    const variables = { input: { ...input, clientUrls: ['https://shop.example/%C3%A9'] } };
    const { data } = await gateway.run(CreatePaymentSessionDocument, variables);
    expect(data?.createPaymentSession).toMatchObject({
      paymentSession: { paymentUrl: 'https://pay.example/app/?lang=fr&sessionId=%7BS-1%7D', status: 'INITIATED' },
    });
    expect(requests).toMatchObject([
      {
        method: 'POST',
        url: '/api/v1/authorize',
        headers: {
          'content-type': 'application/x-www-form-urlencoded',
          authorization: `Basic ${Buffer.from('sandbox:sandbox-password').toString('base64')}`,
        },
        body: 'grant_type=client_credentials',
      },
      {
        method: 'POST',
        url: '/api/v1/sessions/initiate',
        headers: { 'content-type': 'application/json', authorization: 'Bearer opaque~token', baseuri: 'sandbox' },
        body:
          '{"customerName":"Alex Tremblay","customerEmail":"alex.tremblay@example.com","amount":250.10,' +
          '"userId":"user-1234","referenceId":"LOAN-1042","clientUrls":["https://shop.example/%C3%A9"]}',
      },
      {
        method: 'POST',
        url: '/api/v1/paymentrequests',
        headers: { authorization: 'Bearer opaque~token', baseuri: 'sandbox' },
        body: '{"sessionId":"{S-1}"}',
      },
    ]);
  });
});
