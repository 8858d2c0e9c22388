import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { Sensitive } from '../../src/domain/sensitive.js';
import { judge } from '../../src/flinks/judge.js';
import { cleanWords } from '../../src/flinks/provider-words.js';
import { activateReply } from '../../src/flinks/wire/activate.js';
import { lookUpReply } from '../../src/flinks/wire/look-up.js';
import { sessionReply } from '../../src/flinks/wire/session.js';

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
    expect(cleanWords(`OK${character}`, hidden)).toBe('OK');
    expect(cleanWords(`${character}Name mis${character}match`, hidden)).toBe('Name mismatch');
    expect(cleanWords(character.repeat(600), hidden)).toBe('');
  });

  it.each(BREAKS)('stay on one line with %j', (lineBreak) => {
    expect(cleanWords(`${lineBreak}EFT0403${lineBreak}see guide${lineBreak}`, hidden)).toBe('EFT0403 see guide');
  });

  it.each(UNSEEN)('hide nothing personal behind %s', (_, character) => {
    expect(cleanWords(`Trem${character}blay, zoe@exam${character}ple.com`, hidden)).toBe('[sensitive], [sensitive]');
  });

  it('are cut to characters that are whole', () => {
    const words = cleanWords('😀'.repeat(140) + 'x' + '😀'.repeat(140), hidden);
    expect(words).not.toMatch(/\p{Cs}/u);
    expect(words.length).toBe(299);
  });

  it.each(['à la carte: €5 – “déjà payé”', '银行拒绝', 'مرفوض', '😀'])('keep %p', (words) => {
    expect(cleanWords(words, hidden)).toBe(words);
  });

  it('of a refusal reach the log clean', () => {
    const body = JSON.stringify({ title: 'No\u0000t', detail: 'a\u202eb\nc' });
    expect(judge({ kind: 'answered', status: 400, body, retryAfter: undefined }, z.unknown(), hidden)).toEqual({
      kind: 'refused',
      status: 400,
      words: 'Not: ab c',
    });
  });
});

describe('an id of Flinks’s', () => {
  const judged = (reply: z.ZodType, body: unknown) =>
    judge({ kind: 'answered', status: 200, body: JSON.stringify(body), retryAfter: undefined }, reply, []);

  it.each([...UNSEEN, ['a line break', '\n'], ['a line separator', '\u2028']] as const)(
    'is none with %s',
    (_, character) => {
      const id = `e7d1${character}b7a4`;
      const unusable = { kind: 'unknown', reason: '200 without a usable body' };
      expect(judged(sessionReply, { sessionId: id })).toEqual(unusable);
      // The session is active, whatever its id is worth.
      expect(judged(activateReply, { requestId: id })).toEqual({ kind: 'done', value: { requestId: undefined } });
      expect(judged(lookUpReply, { requestId: id, status: 'Settled' })).toEqual(unusable);
      expect(judged(lookUpReply, { requestId: id, id: 'e7d1b7a4', status: 'Settled' })).toMatchObject({ kind: 'done' });
    },
  );

  it.each(['', ' ', '\u00a0', 'null', '0', '00000000-0000-0000-0000-000000000000'])('is none as %j', (id) => {
    expect(judged(sessionReply, { sessionId: id }).kind).toBe('unknown');
    expect(judged(activateReply, { requestId: id })).toEqual({ kind: 'done', value: { requestId: undefined } });
  });
});
