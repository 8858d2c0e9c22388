import { isNoId } from '../../domain/ids.js';
import { LENGTHS, hasVisibleCharacters, isIdShortEnough } from '../../domain/payment-input-rules.js';
import type { IdInput } from '../scalars/id.scalar.js';
import { allOf } from '../typegraphql.js';
import { Rule, TextRule } from './input-validation.js';

/** The rule of every field and argument of type ID. */
export function ExactId(): PropertyDecorator {
  const message =
    'As a JSON number this id is not exact, and different ids may become equal: send it as a string in quotes.';
  return Rule('INVALID_ID', message, (id: IdInput) => typeof id === 'string');
}

/** Rules of an id that is sent to Flinks and returned in its files. */
export function IdRules(): PropertyDecorator {
  return allOf(
    ExactId(),
    TextRule('TOO_SHORT', `Give an id of 1 to ${LENGTHS.idLength} visible characters.`, (id) => id !== ''),
    TextRule('TOO_LONG', `Shorten the id to ${LENGTHS.idLength} characters.`, isIdShortEnough),
    TextRule('INVALID_CHARACTERS', 'Use visible characters only, without spaces.', hasVisibleCharacters),
  );
}

/** Rules of an id that identifies something in a new payment. */
export function NewIdRules(): PropertyDecorator {
  const message =
    'This is a placeholder that programs write for a missing id, and it identifies nothing: send the id itself.';
  return allOf(
    IdRules(),
    NotPlaceholder(message, (id) => isIdShortEnough(id) && hasVisibleCharacters(id)),
  );
}

/** Rules of an idempotency key. */
export function KeyRules(): PropertyDecorator {
  const isShortEnough = (key: string): boolean => key.length <= LENGTHS.idempotencyKeyLength;
  const isPrintable = (key: string): boolean => /^[\x20-\x7e]*$/.test(key);
  const message =
    'This is a placeholder that programs write for a missing key, and two intentions with it would get one payment: generate a key for each, such as a UUID.';
  return allOf(
    ExactId(),
    TextRule('TOO_SHORT', `Give a key of 1 to ${LENGTHS.idempotencyKeyLength} characters.`, (key) => key !== ''),
    TextRule('TOO_LONG', `Shorten the key to ${LENGTHS.idempotencyKeyLength} characters.`, isShortEnough),
    TextRule('INVALID_CHARACTERS', 'Use printable ASCII characters only.', isPrintable),
    NotPlaceholder(message, (key) => isShortEnough(key) && isPrintable(key)),
  );
}

/** Rejects placeholders such as "undefined". Ignores an id that breaks another rule, so that one problem is reported once. */
function NotPlaceholder(message: string, isWellFormed: (id: string) => boolean): PropertyDecorator {
  return TextRule('INVALID_ID', message, (id) => id === '' || !isWellFormed(id) || !isNoId(id));
}
