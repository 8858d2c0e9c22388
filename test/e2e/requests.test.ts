import { text } from 'node:stream/consumers';
import { describe, expect, it } from '@jest/globals';
import { print } from 'graphql';
import { CreatePaymentSessionDocument } from '../../client/src/generated/operations.js';
import { createVariables } from '../support/examples.js';
import { withGateway } from '../support/fixture.js';
import { connectTo, httpRequest } from '../support/raw-http.js';
import { CREATION, newInput, pay, paymentIn } from '../support/payments.js';
import { until } from '../support/until.js';
import { metricOf } from '../support/webhooks.js';

const { sandbox, gateway, start } = withGateway();

const mutation = () => ({ query: print(CreatePaymentSessionDocument), variables: createVariables() });

describe('the HTTP server', () => {
  it.each(['', '[::', 'a b', '%zz', ':', '<>', '1.2.3.999'])('rejects the Host header %p', async (host) => {
    const socket = connectTo(gateway);
    socket.end(httpRequest(mutation(), host));
    expect(await text(socket)).toMatch(/^HTTP\/1.1 400 /);
    await gateway.logged('"status":400');
    expect(gateway.output).not.toContain('"level":"error"');
    expect(await sandbox.calls('authorize')).toBe(0);
  });

  it.each([
    ['router-1.2:3/4+5=_', true],
    ['x'.repeat(128), true],
    ['x'.repeat(129), false],
    ['a b', false],
    ['{"level":"fatal"}', false],
  ])('accepts the request id %p of a router: %p', async (requestId, isAccepted) => {
    const response = await gateway.post({ query: '{ nothing }' }, { 'x-request-id': requestId });
    if (isAccepted) expect(response.requestId).toBe(requestId);
    else expect(response.requestId).toMatch(/^[0-9a-f-]{36}$/);
    expect(response.errors?.[0]?.extensions.requestId).toBe(response.requestId);
    await gateway.logged(`"requestId":"${response.requestId ?? ''}"`);
  });

  it('puts a request id into every response and error', async () => {
    for (const [path, init] of [
      ['/graphql', { method: 'POST', body: '{', headers: { 'content-type': 'application/json' } }],
      ['/graphql', { method: 'POST', body: 'a=b', headers: { 'content-type': 'application/x-www-form-urlencoded' } }],
      ['/graphql?query={__typename}', {}],
      ['/graphql', { method: 'DELETE' }],
      ['/nothing', {}],
    ] as const) {
      const response = await fetch(gateway.url + path, init);
      const { errors } = (await response.json()) as { errors: { extensions: { requestId: string; code: string } }[] };
      expect(response.status).toBeLessThan(500);
      expect(errors[0]?.extensions.requestId).toBe(response.headers.get('x-request-id'));
    }
  });

  it('drops the requests of a broken connection that wait behind another one', async () => {
    const draining = await start();
    const { id } = paymentIn(await pay(draining, CREATION, newInput()));
    await sandbox.addFault({ endpoint: 'initiate', kind: 'slow', delayMs: 2_000 });
    const subscription = {
      query: 'subscription ($id: ID!) { paymentSessionUpdated(id: $id) { id } }',
      variables: { id },
    };
    const socket = connectTo(draining).on('error', () => undefined);
    socket.write([mutation(), { query: '{ __typename }' }].map((body) => httpRequest(body)).join(''));
    socket.write(httpRequest(subscription).replace('host:', 'accept: text/event-stream\r\nhost:'));
    const openStreams = () => metricOf(draining, 'flinks_pay_open_streams{transport="subscription"}');
    await until(async () => (await openStreams()) === 1);
    socket.resetAndDestroy();
    await until(async () => (await openStreams()) === 0);
    await draining.stop();
    expect(await draining.ended()).toBe(0);
  });

  it('rejects a second Host header', async () => {
    const socket = connectTo(gateway);
    socket.end(httpRequest({ query: '{ __typename }' }, 'localhost\r\nhost: other'));
    expect(await text(socket)).toMatch(/^HTTP\/1.1 400 /);
  });
});
