import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { Sensitive } from '../../src/domain/sensitive.js';
import { classifyResponse } from '../../src/flinks/classify-response.js';
import { authorizeRejection, authorizeResponse } from '../../src/flinks/wire/authorize.js';

const reply = z.object({ sessionId: z.string() });
const hidden = [new Sensitive('Zoë O’Brien-Smith (née [x])'), new Sensitive('zoe@example.com')];

function judged(status: number, body: string | undefined, retryAfter?: string) {
  return classifyResponse({ kind: 'responded', status, body, retryAfter }, { response: reply, sensitive: hidden });
}

describe('judging an answer', () => {
  it.each([
    [200, '{"sessionId":"a"}'],
    [201, '{"SessionId":"a","more":[1]}'],
  ])('%i with the id asked for is done', (status, body) => {
    expect(judged(status, body)).toEqual({ kind: 'succeeded', value: { sessionId: 'a' } });
  });

  it.each([
    [200, ''],
    [200, undefined],
    [200, '<html>'],
    [200, '{"sessionId":'],
    [200, '{"sessionId":7}'],
    [200, '[]'],
    [200, 'null'],
    [204, ''],
    [408, '{}'],
    [500, '{"sessionId":"a"}'],
    [502, '<html>'],
    [503, undefined],
    [504, ''],
    [599, ''],
  ])('%i with %p is unknown', (status, body) => {
    expect(judged(status, body).kind).toBe('unknown');
  });

  it.each([
    [401, { kind: 'not-executed', reason: 'unauthorized' }],
    [429, { kind: 'not-executed', reason: 'rate-limited' }],
    [301, { kind: 'misconfigured' }],
    [307, { kind: 'misconfigured' }],
    [403, { kind: 'misconfigured' }],
    [404, { kind: 'misconfigured' }],
    [405, { kind: 'misconfigured' }],
    [400, { kind: 'rejected', status: 400 }],
    [402, { kind: 'rejected', status: 402 }],
    [409, { kind: 'rejected', status: 409 }],
    [422, { kind: 'rejected', status: 422 }],
  ])('%i is judged by its status, whatever the body', (status, result) => {
    for (const body of ['', '<html>', undefined, '{"sessionId":"a"}'])
      expect(judged(status, body)).toMatchObject(result);
  });

  it('tells what was not sent from what was lost', () => {
    expect(
      classifyResponse({ kind: 'not-executed', reason: 'no-connection', detail: 'ECONNREFUSED' }, { response: reply }),
    ).toMatchObject({
      kind: 'not-executed',
    });
    expect(classifyResponse({ kind: 'unknown', reason: 'ECONNRESET' }, { response: reply })).toMatchObject({
      kind: 'unknown',
    });
  });

  it.each([
    ['3', 3_000],
    ['0', 0],
    [new Date(Date.now() + 60_000).toUTCString(), expect.any(Number)],
    ['2592000', 24 * 3600_000],
    ['soon', undefined],
    ['-1', undefined],
    [undefined, undefined],
  ])('reads retry-after %p', (header, retryAfterMs) => {
    expect(judged(429, '', header)).toMatchObject({ retryAfterMs });
  });

  it('keeps the words of a refusal without what is sensitive', () => {
    const detail =
      'Zoë o’brien-smith, login zoe <ZOE@example.com> has 0b1f6a52-3c7d-4e7a-9a43-6d1f7f2f9c10 and b@c.d; [x]';
    const result = judged(400, JSON.stringify({ title: 'Bad Request', detail }));
    expect(result).toMatchObject({ kind: 'rejected' });
    const { message: words } = result as { message: string };
    expect(words).toMatch(/^Bad Request: /);
    for (const part of ['Zoë', 'brien', 'ZOE', 'zoe', '0b1f6a52', 'b@c']) expect(words).not.toContain(part);
  });

  it('finds hidden words of one letter and many in one pass', () => {
    const repeated = [new Sensitive(Array(40).fill('e').join(' ')), new Sensitive(Array(26).fill('ee').join(' '))];
    const body = JSON.stringify({ title: `${'e'.repeat(60_000)} ee seen`, detail: '@'.repeat(60_000) });
    const result = classifyResponse(
      { kind: 'responded', status: 400, body, retryAfter: undefined },
      { response: reply, sensitive: repeated },
    );
    expect((result as { message: string }).message.length).toBeLessThanOrEqual(300);
  });

  it('keeps no rest of a word that was cut', () => {
    const guid = '0b1f6a52-3c7d-4e7a-9a43-6d1f7f2f9c10 ';
    for (let length = 0; length < 40; length++) {
      const result = judged(400, JSON.stringify({ title: guid.repeat(15) + 'x'.repeat(length) + ' O’Brien-Smith' }));
      expect((result as { message: string }).message).not.toMatch(/O’B|0b1f|6d1f/);
    }
  });

  it('keeps no more than a line of words', () => {
    const result = judged(400, JSON.stringify({ detail: 'x'.repeat(50_000) }));
    expect((result as { message: string }).message.length).toBeLessThanOrEqual(300);
  });
});

describe('judging the answer of authorize', () => {
  const answer = (body: string) =>
    classifyResponse(
      { kind: 'responded', status: 200, body, retryAfter: undefined },
      { response: authorizeResponse, rejection: authorizeRejection },
    );

  it.each([
    '{"error":"invalid_client","error_description":"no such user"}',
    '{"Error":"invalid_grant"}',
    '{"title":"Unauthorized","status":401}',
    '{"HttpStatusCode":401,"Message":"Invalid credentials","FlinksCode":"UNAUTHORIZED"}',
    '{"access_token":null,"error":"invalid_client"}',
  ])('finds a refusal behind a 200: %s', (body) => {
    expect(answer(body)).toMatchObject({ kind: 'rejected', status: 200 });
  });

  it.each(['', '<html>', '{', '[]', 'null', '{}', '{"access_token":"a"}', '{"access_token":"a b","expires_in":9}'])(
    'takes what says nothing for a lost answer: %s',
    (body) => {
      expect(answer(body)).toMatchObject({ kind: 'unknown' });
    },
  );
});
