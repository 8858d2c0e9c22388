import { describe, expect, it } from '@jest/globals';
import type { Callback } from '../../src/server/subscriptions/callbacks/registration.js';
import type { CallbackMessage } from '../../src/server/subscriptions/callbacks/callback-endpoint.js';
import { MessageSender, classifyStatus } from '../../src/server/subscriptions/callbacks/message-sender.js';
import { Sensitive } from '../../src/domain/sensitive.js';

const CALLBACK: Callback = {
  url: new Sensitive('http://127.0.0.1:1/'),
  subscriptionId: 'id',
  verifier: new Sensitive('verifier'),
  heartbeatIntervalMs: 0,
};

/** A delivery to a router that returns these statuses in turn, and then the last one always. */
function deliveryTo(statuses: (number | undefined)[], giveUpAfterMs = 60_000) {
  const sent: CallbackMessage[] = [];
  const post = (_callback: Callback, message: CallbackMessage): Promise<number | undefined> => {
    sent.push(message);
    return Promise.resolve(statuses.length > 1 ? statuses.shift() : statuses[0]);
  };
  const delivery = new MessageSender(CALLBACK, { post }, { giveUpAfterMs, initialMs: 1, maxMs: 4 });
  return { delivery, sent };
}

describe('a delivery to a callback URL', () => {
  it.each<[number | undefined, ReturnType<typeof classifyStatus>]>([
    [200, 'acknowledged'],
    [202, 'acknowledged'],
    [204, 'acknowledged'],
    [301, 'terminated'],
    [400, 'terminated'],
    [401, 'terminated'],
    [404, 'terminated'],
    [410, 'terminated'],
    [408, 'later'],
    [425, 'later'],
    [429, 'later'],
    [500, 'later'],
    [503, 'later'],
    [undefined, 'later'],
  ])('classifies the status %p as %s', (status, result) => {
    expect(classifyStatus(status)).toBe(result);
  });

  it('repeats a message until it is acknowledged, and then sends the next one', async () => {
    const { delivery, sent } = deliveryTo([undefined, 503, 429, 200]);
    const both = [delivery.send({ action: 'next', payload: {} }), delivery.send({ action: 'complete' })];
    expect(await Promise.all(both)).toEqual(['acknowledged', 'acknowledged']);
    expect(sent.map(({ action }) => action)).toEqual(['next', 'next', 'next', 'next', 'complete']);
  });

  it('gives up after its time limit', async () => {
    const { delivery, sent } = deliveryTo([500], 30);
    expect(await delivery.send({ action: 'check' })).toBe('unreachable');
    expect(sent.length).toBeGreaterThan(2);
  });

  it('sends nothing after it is stopped, not even a message that waits to be repeated', async () => {
    const { delivery, sent } = deliveryTo([500]);
    const waiting = delivery.send({ action: 'check' });
    delivery.stop();
    expect(await waiting).toBe('stopped');
    const { length } = sent;
    expect(await delivery.send({ action: 'complete' })).toBe('stopped');
    expect(sent).toHaveLength(length);
  });
});
