import { describe, expect, it } from '@jest/globals';
import { explainMessage } from '../../src/server/graphql/explain-input-errors.js';

describe('explainMessage', () => {
  it.each(['USD', '', 'a "quoted" text', '" does not exist in "Marker" enum.', 'two\nlines'])(
    'describes an unknown enum value by its type, without repeating it: %j',
    (value) => {
      expect(explainMessage(`Value "${value}" does not exist in "Currency" enum.`)).toEqual({
        reason: 'must be of type Currency',
      });
      expect(
        explainMessage(`Value "${value}" does not exist in "Currency" enum. Did you mean the enum value "CAD"?`),
      ).toEqual({ reason: 'must be of type Currency' });
    },
  );
});
