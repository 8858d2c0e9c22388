import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { cursorOf, placeAt } from '../../src/schema/pagination/cursor.js';

const part = fc.oneof(fc.string({ unit: 'grapheme' }), fc.maxSafeInteger());

describe('a cursor', () => {
  it('tells the place that it was made of', () => {
    fc.assert(fc.property(fc.array(part), (place) => expect(placeAt(cursorOf(place))).toEqual(place)));
  });

  it('needs no escaping', () => {
    fc.assert(fc.property(fc.array(part), (place) => expect(cursorOf(place)).toMatch(/^[\w-]*$/)));
  });

  it.each(['', ' ', 'x', '{}', '[]', cursorOf(['a']).slice(1), `${cursorOf(['a'])}=`, ` ${cursorOf(['a'])}`, '\0'])(
    'is not %j',
    (text) => expect(placeAt(text)).toBeUndefined(),
  );

  it.each(['{"a":1}', '"a"', '1', 'null', '[null]', '[["a"]]', '[1e400]', '[ 1 ]', '['.repeat(50_000)])(
    'does not stand for %.20s',
    (json) => expect(placeAt(Buffer.from(json).toString('base64url'))).toBeUndefined(),
  );
});
