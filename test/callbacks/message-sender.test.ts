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

/** A sender to a router that returns these statuses in turn, and then the last one always. */
function senderTo(statuses: (number | undefined)[], giveUpAfterMs = 60_000) {
  const sent: CallbackMessage[] = [];
  const post = (_callback: Callback, message: CallbackMessage): Promise<number | undefined> => {
    sent.push(message);
    return Promise.resolve(statuses.length > 1 ? statuses.shift() : statuses[0]);
  };
  const sender = new MessageSender(CALLBACK, { post }, { giveUpAfterMs, initialMs: 1, maxMs: 4 });
  return { sender, sent };
}

describe('the sender of messages to a callback URL', () => {
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
    const { sender, sent } = senderTo([undefined, 503, 429, 200]);
    const both = [sender.send({ action: 'next', payload: {} }), sender.send({ action: 'complete' })];
    expect(await Promise.all(both)).toEqual(['acknowledged', 'acknowledged']);
    expect(sent.map(({ action }) => action)).toEqual(['next', 'next', 'next', 'next', 'complete']);
  });

  it('gives up after its time limit', async () => {
    const { sender, sent } = senderTo([500], 30);
    expect(await sender.send({ action: 'check' })).toBe('unreachable');
    expect(sent.length).toBeGreaterThan(2);
  });

  it('sends nothing after it is stopped, not even a message that waits to be repeated', async () => {
    const { sender, sent } = senderTo([500]);
    const waiting = sender.send({ action: 'check' });
    sender.stop();
    expect(await waiting).toBe('stopped');
    const { length } = sent;
    expect(await sender.send({ action: 'complete' })).toBe('stopped');
    expect(sent).toHaveLength(length);
  });
});
