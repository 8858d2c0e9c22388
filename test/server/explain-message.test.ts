import { describe, expect, it } from '@jest/globals';
import { explainMessage } from '../../src/server/graphql/explain-input-errors.js';

describe('a word that an enum has not', () => {
  it.each(['USD', '', 'a "quoted" word', '" does not exist in "Marker" enum.', 'two\nlines'])(
    'is told by the type alone: %j',
    (word) => {
      expect(explainMessage(`Value "${word}" does not exist in "Currency" enum.`)).toEqual({
        reason: 'must be of type Currency',
      });
      expect(
        explainMessage(`Value "${word}" does not exist in "Currency" enum. Did you mean the enum value "CAD"?`),
      ).toEqual({ reason: 'must be of type Currency' });
    },
  );
});
