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

/** A delivery to a router that gives these answers, and then the last of them for ever. */
function deliveryTo(answers: (number | undefined)[], giveUpAfterMs = 60_000) {
  const sent: CallbackMessage[] = [];
  const post = (_callback: Callback, message: CallbackMessage): Promise<number | undefined> => {
    sent.push(message);
    return Promise.resolve(answers.length > 1 ? answers.shift() : answers[0]);
  };
  const delivery = new MessageSender(CALLBACK, { post }, { giveUpAfterMs, initialMs: 1, maxMs: 4 });
  return { delivery, sent };
}

describe('a delivery', () => {
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
  ])('takes the answer %p for: %s', (status, judged) => {
    expect(classifyStatus(status)).toBe(judged);
  });

  it('sends a message again until it is taken, and the next one after it', async () => {
    const { delivery, sent } = deliveryTo([undefined, 503, 429, 200]);
    const both = [delivery.send({ action: 'next', payload: {} }), delivery.send({ action: 'complete' })];
    expect(await Promise.all(both)).toEqual(['acknowledged', 'acknowledged']);
    expect(sent.map(({ action }) => action)).toEqual(['next', 'next', 'next', 'next', 'complete']);
  });

  it('gives up after a while', async () => {
    const { delivery, sent } = deliveryTo([500], 30);
    expect(await delivery.send({ action: 'check' })).toBe('unreachable');
    expect(sent.length).toBeGreaterThan(2);
  });

  it('sends nothing once it is stopped, not even what waits to be sent again', async () => {
    const { delivery, sent } = deliveryTo([500]);
    const waiting = delivery.send({ action: 'check' });
    delivery.stop();
    expect(await waiting).toBe('stopped');
    const { length } = sent;
    expect(await delivery.send({ action: 'complete' })).toBe('stopped');
    expect(sent).toHaveLength(length);
  });
});
