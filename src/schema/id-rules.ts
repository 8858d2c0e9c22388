import * as rules from '../domain/payment-rules.js';
import { LIMITS } from '../domain/payment-rules.js';
import { InputIssueCode as Code } from './input-issue.type.js';
import { Rule } from './rule.js';

/** Rules of an id that travels to Flinks and comes back in its files. */
export function IdRules(): PropertyDecorator {
  const each = [
    Rule(Code.TOO_SHORT, `Give an id of 1 to ${LIMITS.idLength} visible characters.`, (id: string) => id !== ''),
    Rule(Code.TOO_LONG, `Shorten the id to ${LIMITS.idLength} characters.`, rules.isIdShortEnough),
    Rule(Code.INVALID_CHARACTERS, 'Use visible characters only, without spaces.', rules.hasVisibleCharacters),
  ];
  return (target, property) => each.forEach((decorate) => decorate(target, property));
}
