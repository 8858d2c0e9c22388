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

describe('the HTTP edge', () => {
  it.each(['', '[::', 'a b', '%zz', ':', '<>', '1.2.3.999'])('refuses the Host header %p', async (host) => {
    const caller = connectTo(gateway);
    caller.end(httpRequest(mutation(), host));
    expect(await text(caller)).toMatch(/^HTTP\/1.1 400 /);
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
  ])('takes the request id %p of a router: %p', async (given, taken) => {
    const answer = await gateway.post({ query: '{ nothing }' }, { 'x-request-id': given });
    if (taken) expect(answer.requestId).toBe(given);
    else expect(answer.requestId).toMatch(/^[0-9a-f-]{36}$/);
    expect(answer.errors?.[0]?.extensions.requestId).toBe(answer.requestId);
    await gateway.logged(`"requestId":"${answer.requestId ?? ''}"`);
  });

  it('gives every answer and error a request id', async () => {
    for (const [path, init] of [
      ['/graphql', { method: 'POST', body: '{', headers: { 'content-type': 'application/json' } }],
      ['/graphql', { method: 'POST', body: 'a=b', headers: { 'content-type': 'application/x-www-form-urlencoded' } }],
      ['/graphql?query={__typename}', {}],
      ['/graphql', { method: 'DELETE' }],
      ['/nothing', {}],
    ] as const) {
      const answer = await fetch(gateway.url + path, init);
      const { errors } = (await answer.json()) as { errors: { extensions: { requestId: string; code: string } }[] };
      expect(answer.status).toBeLessThan(500);
      expect(errors[0]?.extensions.requestId).toBe(answer.headers.get('x-request-id'));
    }
  });

  it('forgets what waits behind another request when their connection breaks', async () => {
    const leaving = await start();
    const { id } = paymentIn(await pay(leaving, CREATION, newInput()));
    await sandbox.addFault({ endpoint: 'initiate', kind: 'slow', delayMs: 2_000 });
    const watch = { query: 'subscription ($id: ID!) { paymentSessionUpdated(id: $id) { id } }', variables: { id } };
    const caller = connectTo(leaving).on('error', () => undefined);
    caller.write([mutation(), { query: '{ __typename }' }].map((body) => httpRequest(body)).join(''));
    caller.write(httpRequest(watch).replace('host:', 'accept: text/event-stream\r\nhost:'));
    const watched = () => metricOf(leaving, 'flinks_pay_open_streams{transport="subscription"}');
    await until(async () => (await watched()) === 1);
    caller.resetAndDestroy();
    await until(async () => (await watched()) === 0);
    await leaving.stop();
    expect(await leaving.ended()).toBe(0);
  });

  it('refuses a second Host header', async () => {
    const caller = connectTo(gateway);
    caller.end(httpRequest({ query: '{ __typename }' }, 'localhost\r\nhost: other'));
    expect(await text(caller)).toMatch(/^HTTP\/1.1 400 /);
  });
});
