import { ValidateNested, isEmail } from 'class-validator';
import { ArgsType, Field, ID, InputType } from 'type-graphql';
import {
  duplicateIndexes,
  hasPublicName,
  hasUrlCharacters,
  isClientUrl,
  isOfOrigins,
  isSecureClientUrl,
} from '../domain/client-url-rules.js';
import { decimalText, hasTooManyDecimals, isPlainDecimal } from '../domain/money.js';
import type { Currency } from '../domain/money.js';
import * as rules from '../domain/payment-rules.js';
import { LIMITS } from '../domain/payment-rules.js';
import { CurrencyEnum } from './money.type.js';
import { DecimalScalar } from './decimal.scalar.js';
import type { DecimalInput } from './decimal.scalar.js';
import { KeyRules, NewIdRules } from './id-rules.js';
import type { IdInput } from './id.scalar.js';
import { InputIssueCode as Code } from './input-issue.type.js';
import { ItemRule, Rule } from './rule.js';
import type { InputRules } from './rule.js';

const NAME_HELP = "as the payer's bank has it: a name that differs makes the payment fail.";

function isAcceptedEmail(email: string): boolean {
  const judgedByOthers =
    !rules.isPresent(email) || !rules.isEmailShortEnough(email) || !rules.hasEmailCharacters(email);
  return judgedByOthers || isEmail(rules.normaliseEmail(email), { allow_utf8_local_part: false });
}

@InputType({ description: 'The person who is asked to pay.' })
export class CustomerInput {
  @Field(() => ID, {
    description: 'Your id of this person, 1-64 visible characters. Flinks keeps it with the transaction.',
  })
  @NewIdRules()
  userId!: IdInput;

  @Field(() => String, {
    description:
      'First and last name, 1-80 characters. Spaces around are taken off. The bank compares it with its own record, and a name that differs makes the payment fail.',
  })
  @Rule(Code.REQUIRED, `Give first and last name, ${NAME_HELP}`, rules.hasFirstAndLastName)
  @Rule(Code.TOO_LONG, `Shorten the name to ${LIMITS.nameLength} characters, ${NAME_HELP}`, rules.isNameShortEnough)
  @Rule(
    Code.INVALID_CHARACTERS,
    `Use letters, digits, spaces and ' - . , : · & ( ) + only, on one line, ${NAME_HELP}`,
    rules.hasNameCharacters,
  )
  name!: string;

  @Field(() => String, {
    description: 'E-mail address, at most 254 characters. sendPaymentRequest has Flinks write to it.',
  })
  @Rule(Code.REQUIRED, 'Give an e-mail address.', rules.isPresent)
  @Rule(Code.TOO_LONG, `Shorten the address to ${LIMITS.emailLength} characters.`, rules.isEmailShortEnough)
  @Rule(
    Code.INVALID_CHARACTERS,
    'Use one bare address of visible ASCII characters, without quotes, brackets, commas or line breaks.',
    rules.hasEmailCharacters,
  )
  @Rule(Code.INVALID_EMAIL, 'Give an address such as alex@example.com.', isAcceptedEmail)
  email!: string;
}

const isText = (value: DecimalInput): value is string => typeof value === 'string';

function belowMaximum(inputRules: InputRules): string {
  return `Give at most ${decimalText(inputRules.maxAmountMinor)}.`;
}

@InputType({ description: 'An amount of money.' })
export class MoneyInput {
  @Field(() => DecimalScalar, {
    description:
      'A plain decimal of at most two decimals, above zero, at most the maximum of this gateway (10000.00 unless configured), as a string: "250.00".',
  })
  @Rule(Code.INVALID_DECIMAL, 'A fractional JSON number is not exact: send it as a string.', isText)
  @Rule(
    Code.INVALID_DECIMAL,
    'Give a plain decimal such as "250.00": digits and at most one point, no sign, exponent or separators.',
    (value: DecimalInput) => !isText(value) || isPlainDecimal(value),
  )
  @Rule(
    Code.TOO_MANY_DECIMALS,
    'Give at most two decimals.',
    (value: DecimalInput) => !isText(value) || !hasTooManyDecimals(value),
  )
  @Rule(
    Code.TOO_SMALL,
    'Give an amount above zero.',
    (value: DecimalInput) => !isText(value) || rules.isAboveZero(value),
  )
  @Rule(
    Code.TOO_LARGE,
    belowMaximum,
    (value: DecimalInput, { maxAmountMinor }) => !isText(value) || rules.isAtMost(value, maxAmountMinor),
  )
  value!: DecimalInput;

  @Field(() => CurrencyEnum, {
    defaultValue: CurrencyEnum.CAD,
    description: 'Flinks Pay collects Canadian dollars only.',
  })
  currency!: Currency;
}

/** A list that is far too long is not judged to its end: one issue says so, and more would only cost time. */
const judgedPart = (urls: readonly string[]) => urls.slice(0, LIMITS.clientUrls + 1);

const indexesOf = (urls: readonly string[], broken: (url: string) => boolean): number[] =>
  judgedPart(urls).flatMap((url, index) => (broken(url) ? [index] : []));

/** The fields that describe a payment, the same in both mutations and in validatePayment. */
@ArgsType()
@InputType()
export abstract class PaymentFields {
  @Field(() => CustomerInput, { description: 'Who is asked to pay.' })
  @ValidateNested()
  customer!: CustomerInput;

  @Field(() => MoneyInput, { description: 'How much; the payer cannot change it.' })
  @ValidateNested()
  amount!: MoneyInput;

  @Field(() => ID, {
    nullable: true,
    description:
      'Your reference, 1-64 visible characters, e.g. of an order or loan. It comes back in the reconciliation files, with a suffix if another client used it first; a GUID is made when it is absent.',
  })
  @NewIdRules()
  referenceId?: IdInput | null;

  @Field(() => [String], {
    nullable: true,
    description: `Where you will embed the Flinks app, at most ${LIMITS.clientUrls} absolute https URLs; Flinks loads it nowhere else then.`,
  })
  @Rule(
    Code.TOO_MANY,
    `Give at most ${LIMITS.clientUrls} URLs.`,
    (urls: readonly string[]) => urls.length <= LIMITS.clientUrls,
  )
  @ItemRule(Code.TOO_LONG, `Shorten the URL to ${LIMITS.clientUrlLength} characters.`, (urls: readonly string[]) =>
    indexesOf(urls, (url) => url.length > LIMITS.clientUrlLength),
  )
  @ItemRule(Code.INVALID_CHARACTERS, 'Percent-encode what does not belong into a URL.', (urls: readonly string[]) =>
    indexesOf(urls, (url) => !hasUrlCharacters(url)),
  )
  @ItemRule(
    Code.INVALID_URL,
    'Give an absolute URL such as https://shop.example/pay, without credentials and fragment.',
    (urls: readonly string[]) => indexesOf(urls, (url) => hasUrlCharacters(url) && !isClientUrl(url)),
  )
  @ItemRule(Code.URL_NOT_ALLOWED, 'Use https.', (urls: readonly string[], { localUrlsAllowed }) =>
    indexesOf(urls, (url) => !isSecureClientUrl(url, localUrlsAllowed)),
  )
  @ItemRule(
    Code.URL_NOT_ALLOWED,
    'Use the public name of a host, such as shop.example.',
    (urls: readonly string[], { localUrlsAllowed }) =>
      indexesOf(urls, (url) => !localUrlsAllowed && !hasPublicName(url)),
  )
  @ItemRule(
    Code.URL_NOT_ALLOWED,
    'Use one of the origins that this gateway allows; its operators list them.',
    (urls: readonly string[], { clientUrlOrigins }) =>
      indexesOf(urls, (url) => clientUrlOrigins.length > 0 && !isOfOrigins(url, clientUrlOrigins)),
  )
  @ItemRule(Code.DUPLICATE, 'Name each URL once.', (urls: readonly string[]) => duplicateIndexes(judgedPart(urls)))
  clientUrls?: string[] | null;
}

/** What makes a repeated call a repeat. */
@InputType()
export abstract class PaymentIntent extends PaymentFields {
  @Field(() => ID, {
    description: `One per intention of the user, 1-${LIMITS.idempotencyKeyLength} printable ASCII characters, compared byte for byte. Make it when the user decides (a UUID will do) and send the same one with every repeat of that decision, to the same mutation: all get the same payment.`,
  })
  @KeyRules()
  idempotencyKey!: IdInput;

  @Field(() => Boolean, {
    defaultValue: false,
    description:
      'Set it when a person wants this payment although it looks like a repeat of an earlier one (DUPLICATE_PAYMENT).',
  })
  allowDuplicate!: boolean;
}

@InputType({ description: 'What createPaymentSession needs.' })
export class CreatePaymentSessionInput extends PaymentIntent {}

@InputType({ description: 'What sendPaymentRequest needs.' })
export class SendPaymentRequestInput extends PaymentIntent {}

@ArgsType()
export class ValidatePaymentArgs extends PaymentFields {}
