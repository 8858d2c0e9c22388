import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { Sensitive } from '../../src/domain/sensitive.js';
import { classifyResponse } from '../../src/flinks/classify-response.js';
import { redactMessage } from '../../src/flinks/redaction.js';
import { activateResponse, lookupResponse } from '../../src/flinks/wire/payment-requests.js';
import { sessionResponse } from '../../src/flinks/wire/sessions.js';

const hidden = [new Sensitive('Zoé Tremblay'), new Sensitive('zoe@example.com')];

/** Invisible characters and their names. */
const INVISIBLE_CHARACTERS = [
  ['NUL', '\u0000'],
  ['escape', '\u001b'],
  ['delete', '\u007f'],
  ['a C1 control', '\u009f'],
  ['a high surrogate alone', '\ud83d'],
  ['a low surrogate alone', '\ude00'],
  ['a zero-width space', '\u200b'],
  ['a zero-width joiner', '\u200d'],
  ['a byte order mark', '\ufeff'],
  ['a right-to-left override', '\u202e'],
  ['an isolate', '\u2066'],
  ['a soft hyphen', '\u00ad'],
  ['a tag', '\u{e0041}'],
  ['a filler', '\u3164'],
  ['a private character', '\ue000'],
  ['no character', '\uffff'],
] as const;

const LINE_BREAKS = ['\n', '\r\n', '\t', '\u000b', '\u000c', '\u0085', '\u2028', '\u2029'];

describe('a message from Flinks', () => {
  it.each(INVISIBLE_CHARACTERS)('is stripped of %s', (_, character) => {
    expect(redactMessage(`OK${character}`, hidden)).toBe('OK');
    expect(redactMessage(`${character}Name mis${character}match`, hidden)).toBe('Name mismatch');
    expect(redactMessage(character.repeat(600), hidden)).toBe('');
  });

  it.each(LINE_BREAKS)('is kept on one line when it contains %j', (lineBreak) => {
    expect(redactMessage(`${lineBreak}EFT0403${lineBreak}see guide${lineBreak}`, hidden)).toBe('EFT0403 see guide');
  });

  it.each(INVISIBLE_CHARACTERS)('is redacted even when %s splits the personal data', (_, character) => {
    expect(redactMessage(`Trem${character}blay, zoe@exam${character}ple.com`, hidden)).toBe('[sensitive], [sensitive]');
  });

  it('is never cut in the middle of a character', () => {
    const message = redactMessage('😀'.repeat(140) + 'x' + '😀'.repeat(140), hidden);
    expect(message).not.toMatch(/\p{Cs}/u);
    expect(message.length).toBe(299);
  });

  it.each(['à la carte: €5 – “déjà payé”', '银行拒绝', 'مرفوض', '😀'])('keeps %p unchanged', (message) => {
    expect(redactMessage(message, hidden)).toBe(message);
  });

  it('is cleaned when it comes with a rejection', () => {
    const body = JSON.stringify({ title: 'No\u0000t', detail: 'a\u202eb\nc' });
    expect(
      classifyResponse(
        { kind: 'responded', status: 400, body, retryAfter: undefined },
        {
          response: z.unknown(),
          sensitive: hidden,
        },
      ),
    ).toEqual({
      kind: 'rejected',
      status: 400,
      message: 'Not: ab c',
    });
  });
});

describe('an id from Flinks', () => {
  const classified = (response: z.ZodType, body: unknown) =>
    classifyResponse(
      { kind: 'responded', status: 200, body: JSON.stringify(body), retryAfter: undefined },
      { response },
    );

  it.each([...INVISIBLE_CHARACTERS, ['a line break', '\n'], ['a line separator', '\u2028']] as const)(
    'is unusable when it contains %s',
    (_, character) => {
      const id = `e7d1${character}b7a4`;
      const unusable = { kind: 'unknown', reason: '200 without a usable body' };
      expect(classified(sessionResponse, { sessionId: id })).toEqual(unusable);
      // The session is active even if its request id is unusable.
      expect(classified(activateResponse, { requestId: id })).toEqual({
        kind: 'succeeded',
        value: { requestId: undefined },
      });
      expect(classified(lookupResponse, { requestId: id, status: 'Settled' })).toEqual(unusable);
      expect(classified(lookupResponse, { requestId: id, id: 'e7d1b7a4', status: 'Settled' })).toMatchObject({
        kind: 'succeeded',
      });
    },
  );

  it.each(['', ' ', '\u00a0', 'null', '0', '00000000-0000-0000-0000-000000000000'])(
    'is unusable when it is %j',
    (id) => {
      expect(classified(sessionResponse, { sessionId: id }).kind).toBe('unknown');
      expect(classified(activateResponse, { requestId: id })).toEqual({
        kind: 'succeeded',
        value: { requestId: undefined },
      });
    },
  );
});
