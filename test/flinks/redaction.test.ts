import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { Sensitive } from '../../src/domain/sensitive.js';
import { classifyResponse } from '../../src/flinks/classify-response.js';
import { redactMessage } from '../../src/flinks/redaction.js';
import { activateResponse, lookupResponse } from '../../src/flinks/wire/payment-requests.js';
import { sessionResponse } from '../../src/flinks/wire/sessions.js';

const hidden = [new Sensitive('Zoé Tremblay'), new Sensitive('zoe@example.com')];

/** What does not print, by what it is called. */
const UNSEEN = [
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

const BREAKS = ['\n', '\r\n', '\t', '\u000b', '\u000c', '\u0085', '\u2028', '\u2029'];

describe('words of Flinks', () => {
  it.each(UNSEEN)('lose %s', (_, character) => {
    expect(redactMessage(`OK${character}`, hidden)).toBe('OK');
    expect(redactMessage(`${character}Name mis${character}match`, hidden)).toBe('Name mismatch');
    expect(redactMessage(character.repeat(600), hidden)).toBe('');
  });

  it.each(BREAKS)('stay on one line with %j', (lineBreak) => {
    expect(redactMessage(`${lineBreak}EFT0403${lineBreak}see guide${lineBreak}`, hidden)).toBe('EFT0403 see guide');
  });

  it.each(UNSEEN)('hide nothing personal behind %s', (_, character) => {
    expect(redactMessage(`Trem${character}blay, zoe@exam${character}ple.com`, hidden)).toBe('[sensitive], [sensitive]');
  });

  it('are cut to characters that are whole', () => {
    const words = redactMessage('😀'.repeat(140) + 'x' + '😀'.repeat(140), hidden);
    expect(words).not.toMatch(/\p{Cs}/u);
    expect(words.length).toBe(299);
  });

  it.each(['à la carte: €5 – “déjà payé”', '银行拒绝', 'مرفوض', '😀'])('keep %p', (words) => {
    expect(redactMessage(words, hidden)).toBe(words);
  });

  it('of a refusal reach the log clean', () => {
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

describe('an id of Flinks’s', () => {
  const judged = (reply: z.ZodType, body: unknown) =>
    classifyResponse(
      { kind: 'responded', status: 200, body: JSON.stringify(body), retryAfter: undefined },
      { response: reply },
    );

  it.each([...UNSEEN, ['a line break', '\n'], ['a line separator', '\u2028']] as const)(
    'is none with %s',
    (_, character) => {
      const id = `e7d1${character}b7a4`;
      const unusable = { kind: 'unknown', reason: '200 without a usable body' };
      expect(judged(sessionResponse, { sessionId: id })).toEqual(unusable);
      // The session is active, whatever its id is worth.
      expect(judged(activateResponse, { requestId: id })).toEqual({
        kind: 'succeeded',
        value: { requestId: undefined },
      });
      expect(judged(lookupResponse, { requestId: id, status: 'Settled' })).toEqual(unusable);
      expect(judged(lookupResponse, { requestId: id, id: 'e7d1b7a4', status: 'Settled' })).toMatchObject({
        kind: 'succeeded',
      });
    },
  );

  it.each(['', ' ', '\u00a0', 'null', '0', '00000000-0000-0000-0000-000000000000'])('is none as %j', (id) => {
    expect(judged(sessionResponse, { sessionId: id }).kind).toBe('unknown');
    expect(judged(activateResponse, { requestId: id })).toEqual({ kind: 'succeeded', value: { requestId: undefined } });
  });
});
