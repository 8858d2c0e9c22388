import { isNoId } from '../../domain/ids.js';
import * as rules from '../../domain/payment-rules.js';
import { LENGTHS } from '../../domain/payment-rules.js';
import type { IdInput } from '../scalars/id.scalar.js';
import { PaymentInputIssueCode as Code } from './payment-input-issue.type.js';
import { Rule } from './rule.js';

/** A rule of an id as text. Only `ExactId` checks an inexact one. */
export function TextRule(code: Code, message: string, holds: (id: string) => boolean): PropertyDecorator {
  return Rule(code, message, (id: IdInput) => typeof id !== 'string' || holds(id));
}

/** The rule of every field and argument of type ID. */
export function ExactId(): PropertyDecorator {
  const message =
    'As a JSON number this id is not exact, and different ids may become equal: send it as a string in quotes.';
  return Rule(Code.INVALID_ID, message, (id: IdInput) => typeof id === 'string');
}

/** Rules of an id that is sent to Flinks and returned in its files. */
export function IdRules(): PropertyDecorator {
  return all(
    ExactId(),
    TextRule(Code.TOO_SHORT, `Give an id of 1 to ${LENGTHS.idLength} visible characters.`, (id) => id !== ''),
    TextRule(Code.TOO_LONG, `Shorten the id to ${LENGTHS.idLength} characters.`, rules.isIdShortEnough),
    TextRule(Code.INVALID_CHARACTERS, 'Use visible characters only, without spaces.', rules.hasVisibleCharacters),
  );
}

/** Rules of an id that identifies something in a new payment. */
export function NewIdRules(): PropertyDecorator {
  return all(
    IdRules(),
    NotPlaceholder(
      'This is a placeholder that programs write for a missing id, and it identifies nothing: send the id itself.',
      (id) => rules.isIdShortEnough(id) && rules.hasVisibleCharacters(id),
    ),
  );
}

/** Rules of an idempotency key. */
export function KeyRules(): PropertyDecorator {
  const isShortEnough = (key: string): boolean => key.length <= LENGTHS.idempotencyKeyLength;
  const isPrintable = (key: string): boolean => /^[\x20-\x7e]*$/.test(key);
  return all(
    ExactId(),
    TextRule(Code.TOO_SHORT, `Give a key of 1 to ${LENGTHS.idempotencyKeyLength} characters.`, (key) => key !== ''),
    TextRule(Code.TOO_LONG, `Shorten the key to ${LENGTHS.idempotencyKeyLength} characters.`, isShortEnough),
    TextRule(Code.INVALID_CHARACTERS, 'Use printable ASCII characters only.', isPrintable),
    NotPlaceholder(
      'This is a placeholder that programs write for a missing key, and two intentions with it would get one payment: generate a key for each, such as a UUID.',
      (key) => isShortEnough(key) && isPrintable(key),
    ),
  );
}

/**
 * Rejects placeholders such as "undefined". Does not check an id that breaks another rule, so that one problem is
 * reported once.
 */
function NotPlaceholder(message: string, isWellFormed: (id: string) => boolean): PropertyDecorator {
  return TextRule(Code.INVALID_ID, message, (id) => id === '' || !isWellFormed(id) || !isNoId(id));
}

function all(...decorators: readonly PropertyDecorator[]): PropertyDecorator {
  return (target, property) => decorators.forEach((decorate) => decorate(target, property));
}
