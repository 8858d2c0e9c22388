import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Arbitrary } from 'fast-check';
import validator from 'validator';
import * as rules from '../../src/domain/payment-input-rules.js';

const text = (units: string, lengths: { readonly minLength: number; readonly maxLength: number }): Arbitrary<string> =>
  fc.string({ unit: fc.constantFrom(...units.split('')), ...lengths });

const ATOM = "abzABZ059!#$%&'*+/=?^_`{|}~-";
const LABEL = 'abzABZ059-';
/** Short, and around each of the maximum lengths: 63, 64 and 254. */
const lengths = fc.constantFrom([0, 4], [61, 66], [240, 256]);
const textOf = (units: string) => lengths.chain(([minLength, maxLength]) => text(units, { minLength, maxLength }));
const labels = fc.array(
  fc.oneof(text(LABEL, { minLength: 0, maxLength: 5 }), text(LABEL, { minLength: 61, maxLength: 64 })),
  { maxLength: 4 },
);

const localPart = fc.oneof(textOf(ATOM), textOf(`${ATOM}.`), fc.constant('alex.tremblay'));
const topLevel = fc.oneof(
  fc.constantFrom('ca', 'c', '', 'xn--p1ai', 'xn', 'xna', 'xn-a', 'xn--', 'c0m', '12', 'com.', 'c_m'),
  text(LABEL, { minLength: 0, maxLength: 4 }),
  text('ab', { minLength: 61, maxLength: 65 }),
  text(LABEL, { minLength: 58, maxLength: 62 }).map((end) => `xn${end}`),
);
const address = fc
  .tuple(localPart, fc.constantFrom('@', '@', '@', '@@', ''), labels, topLevel)
  .map(([local, at, domain, last]) => `${local}${at}${[...domain, last].join('.')}`);
/** An address, with one more character somewhere. */
const damaged = fc
  .tuple(address, fc.nat(), fc.string({ unit: 'binary-ascii', minLength: 1, maxLength: 1 }))
  .map(([whole, place, character]) => {
    const index = place % (whole.length + 1);
    return whole.slice(0, index) + character + whole.slice(index);
  });

const hasAnotherIssue = (email: string): boolean =>
  !rules.isPresent(email) || !rules.isEmailShortEnough(email) || !rules.hasEmailCharacters(email);

describe('an e-mail address without another issue', () => {
  it('is accepted exactly if the package validator accepts it', () => {
    const verdicts = { accepted: 0, rejected: 0 };
    const property = fc.property(fc.oneof(address, damaged, fc.emailAddress()), (email) => {
      fc.pre(!hasAnotherIssue(email));
      const isAccepted = validator.isEmail(rules.normalizeEmail(email), { allow_utf8_local_part: false });
      verdicts[isAccepted ? 'accepted' : 'rejected'] += 1;
      return rules.isEmailAddress(email) === isAccepted;
    });
    fc.assert(property, { numRuns: 5_000 });
    expect(verdicts.accepted).toBeGreaterThan(1_000);
    expect(verdicts.rejected).toBeGreaterThan(1_000);
  });
});
