import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { encodeCursor, decodeCursor } from '../../src/schema/pagination/cursor.js';

const part = fc.oneof(fc.string({ unit: 'grapheme' }), fc.maxSafeInteger());

describe('a cursor', () => {
  it('decodes to the position that it encodes', () => {
    fc.assert(
      fc.property(fc.array(part), (position) => expect(decodeCursor(encodeCursor(position))).toEqual(position)),
    );
  });

  it('needs no escaping', () => {
    fc.assert(fc.property(fc.array(part), (position) => expect(encodeCursor(position)).toMatch(/^[\w-]*$/)));
  });

  it.each([
    '',
    ' ',
    'x',
    '{}',
    '[]',
    encodeCursor(['a']).slice(1),
    `${encodeCursor(['a'])}=`,
    ` ${encodeCursor(['a'])}`,
    '\0',
  ])('is not decoded from %j', (text) => expect(decodeCursor(text)).toBeUndefined());

  it.each(['{"a":1}', '"a"', '1', 'null', '[null]', '[["a"]]', '[1e400]', '[ 1 ]', '['.repeat(50_000)])(
    'is not decoded from the encoding of %.20s',
    (json) => expect(decodeCursor(Buffer.from(json).toString('base64url'))).toBeUndefined(),
  );
});
