import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { Sensitive } from '../../src/domain/sensitive.js';
import { classifyResponse } from '../../src/flinks/classify-response.js';
import { authorizeRejection, authorizeResponse } from '../../src/flinks/wire/authorize.js';

const sessionReply = z.object({ sessionId: z.string() });
const hidden = [new Sensitive('Zoë O’Brien-Smith (née [x])'), new Sensitive('zoe@example.com')];

function classified(status: number, body: string | undefined, retryAfter?: string) {
  return classifyResponse(
    { kind: 'responded', status, body, retryAfter },
    { response: sessionReply, sensitive: hidden },
  );
}

describe('classifyResponse', () => {
  it.each([
    [200, '{"sessionId":"a"}'],
    [201, '{"SessionId":"a","more":[1]}'],
  ])('reports %i with a session id as succeeded', (status, body) => {
    expect(classified(status, body)).toEqual({ kind: 'succeeded', value: { sessionId: 'a' } });
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
  ])('reports %i with body %p as unknown', (status, body) => {
    expect(classified(status, body).kind).toBe('unknown');
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
  ])('classifies %i by its status, whatever the body is', (status, result) => {
    for (const body of ['', '<html>', undefined, '{"sessionId":"a"}'])
      expect(classified(status, body)).toMatchObject(result);
  });

  it('distinguishes a request that was not sent from one whose response was lost', () => {
    expect(
      classifyResponse(
        { kind: 'not-executed', reason: 'no-connection', detail: 'ECONNREFUSED' },
        { response: sessionReply },
      ),
    ).toMatchObject({
      kind: 'not-executed',
    });
    expect(classifyResponse({ kind: 'unknown', reason: 'ECONNRESET' }, { response: sessionReply })).toMatchObject({
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
  ])('reads a Retry-After header of %p', (header, retryAfterMs) => {
    expect(classified(429, '', header)).toMatchObject({ retryAfterMs });
  });

  it('keeps the message of a rejection and redacts sensitive data in it', () => {
    const detail =
      'Zoë o’brien-smith, login zoe <ZOE@example.com> has 0b1f6a52-3c7d-4e7a-9a43-6d1f7f2f9c10 and b@c.d; [x]';
    const result = classified(400, JSON.stringify({ title: 'Bad Request', detail }));
    expect(result).toMatchObject({ kind: 'rejected' });
    const { message } = result as { message: string };
    expect(message).toMatch(/^Bad Request: /);
    for (const part of ['Zoë', 'brien', 'ZOE', 'zoe', '0b1f6a52', 'b@c']) expect(message).not.toContain(part);
  });

  it('redacts long runs of short sensitive texts without excessive backtracking', () => {
    const repeated = [new Sensitive(Array(40).fill('e').join(' ')), new Sensitive(Array(26).fill('ee').join(' '))];
    const body = JSON.stringify({ title: `${'e'.repeat(60_000)} ee seen`, detail: '@'.repeat(60_000) });
    const result = classifyResponse(
      { kind: 'responded', status: 400, body, retryAfter: undefined },
      { response: sessionReply, sensitive: repeated },
    );
    expect((result as { message: string }).message.length).toBeLessThanOrEqual(300);
  });

  it('keeps no part of a sensitive value at the cut of a long message', () => {
    const guid = '0b1f6a52-3c7d-4e7a-9a43-6d1f7f2f9c10 ';
    for (let length = 0; length < 40; length++) {
      const result = classified(
        400,
        JSON.stringify({ title: guid.repeat(15) + 'x'.repeat(length) + ' O’Brien-Smith' }),
      );
      expect((result as { message: string }).message).not.toMatch(/O’B|0b1f|6d1f/);
    }
  });

  it('limits a message to 300 characters', () => {
    const result = classified(400, JSON.stringify({ detail: 'x'.repeat(50_000) }));
    expect((result as { message: string }).message.length).toBeLessThanOrEqual(300);
  });
});

describe('classifyResponse for authorize', () => {
  const classifyBody = (body: string) =>
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
  ])('recognizes a rejection with status 200: %s', (body) => {
    expect(classifyBody(body)).toMatchObject({ kind: 'rejected', status: 200 });
  });

  it.each(['', '<html>', '{', '[]', 'null', '{}', '{"access_token":"a"}', '{"access_token":"a b","expires_in":9}'])(
    'reports a response without a usable token as unknown: %s',
    (body) => {
      expect(classifyBody(body)).toMatchObject({ kind: 'unknown' });
    },
  );
});
