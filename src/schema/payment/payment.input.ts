import { ValidateNested, isEmail } from 'class-validator';
import { Field, ID, InputType } from 'type-graphql';
import {
  duplicateIndexes,
  hasPublicName,
  hasUrlCharacters,
  isClientUrl,
  isOfOrigins,
  isSecureClientUrl,
} from '../../domain/client-url-rules.js';
import { decimalText, hasTooManyDecimals, isPlainDecimal } from '../../domain/money.js';
import type { Currency } from '../../domain/money.js';
import * as rules from '../../domain/payment-rules.js';
import { LENGTHS } from '../../domain/payment-rules.js';
import { PaymentCurrencyEnum } from './payment-amount.type.js';
import { DecimalScalar } from '../scalars/decimal.scalar.js';
import type { DecimalInput } from '../scalars/decimal.scalar.js';
import { KeyRules, NewIdRules } from '../validation/id-rules.js';
import type { IdInput } from '../scalars/id.scalar.js';
import { PaymentInputIssueCode as Code } from '../validation/payment-input-issue.type.js';
import { ItemRule, Rule } from '../validation/rule.js';
import type { InputRules } from '../validation/rule.js';

const NAME_HELP = "exactly as the payer's bank has it: a different name makes the payment fail.";

function isAcceptedEmail(email: string): boolean {
  const hasAnotherIssue =
    !rules.isPresent(email) || !rules.isEmailShortEnough(email) || !rules.hasEmailCharacters(email);
  return hasAnotherIssue || isEmail(rules.normaliseEmail(email), { allow_utf8_local_part: false });
}

@InputType({ description: 'The payer: the person who is asked to pay.' })
export class PaymentCustomerInput {
  @Field(() => ID, {
    description: 'Your id of this person, 1-64 visible characters. Flinks stores it with the transaction.',
  })
  @NewIdRules()
  userId!: IdInput;

  @Field(() => String, {
    description:
      'First and last name, 1-80 characters. Leading and trailing spaces are trimmed. The bank compares the name with its own record, and a different name makes the payment fail.',
  })
  @Rule(Code.REQUIRED, `Enter first and last name, ${NAME_HELP}`, rules.hasFirstAndLastName)
  @Rule(Code.TOO_LONG, `Use at most ${LENGTHS.nameLength} characters, ${NAME_HELP}`, rules.isNameShortEnough)
  @Rule(
    Code.INVALID_CHARACTERS,
    `Use only letters, digits, spaces and ' - . , : · & ( ) + on one line, ${NAME_HELP}`,
    rules.hasNameCharacters,
  )
  name!: string;

  @Field(() => String, {
    description:
      'E-mail address, at most 254 characters. After sendPaymentRequest, Flinks e-mails the payment request to it.',
  })
  @Rule(Code.REQUIRED, 'Enter an e-mail address.', rules.isPresent)
  @Rule(Code.TOO_LONG, `Use an address of at most ${LENGTHS.emailLength} characters.`, rules.isEmailShortEnough)
  @Rule(
    Code.INVALID_CHARACTERS,
    'Use a single address of visible ASCII characters, without quotes, brackets, commas or line breaks.',
    rules.hasEmailCharacters,
  )
  @Rule(Code.INVALID_EMAIL, 'Enter a valid address, such as alex@example.com.', isAcceptedEmail)
  email!: string;
}

const isText = (value: DecimalInput): value is string => typeof value === 'string';

function belowMaximum(inputRules: InputRules): string {
  return `Use an amount of at most ${decimalText(inputRules.maxAmountMinor)}.`;
}

@InputType({ description: 'An amount of money.' })
export class PaymentAmountInput {
  @Field(() => DecimalScalar, {
    description:
      'The amount in the unit of the currency: a decimal string with at most two decimals, such as "250.00". Above zero and at most the maximum of this gateway, which is 10000.00 unless an operator configured another one.',
  })
  @Rule(Code.INVALID_DECIMAL, 'A fractional JSON number is not exact: send the amount as a string.', isText)
  @Rule(
    Code.INVALID_DECIMAL,
    'Use a plain decimal, such as "250.00": digits and at most one decimal point, without sign, exponent or separators.',
    (value: DecimalInput) => !isText(value) || isPlainDecimal(value),
  )
  @Rule(
    Code.TOO_MANY_DECIMALS,
    'Use at most two decimals.',
    (value: DecimalInput) => !isText(value) || !hasTooManyDecimals(value),
  )
  @Rule(
    Code.TOO_SMALL,
    'Use an amount above zero.',
    (value: DecimalInput) => !isText(value) || rules.isAboveZero(value),
  )
  @Rule(
    Code.TOO_LARGE,
    belowMaximum,
    (value: DecimalInput, { maxAmountMinor }) => !isText(value) || rules.isWithinLimit(value, maxAmountMinor),
  )
  value!: DecimalInput;

  @Field(() => PaymentCurrencyEnum, {
    defaultValue: PaymentCurrencyEnum.CAD,
    description: 'The currency of the amount. Flinks Pay collects Canadian dollars only.',
  })
  currency!: Currency;
}

/**
 * Checks only the first URLs of a list that is too long: one issue reports its length, and checking more would only
 * cost time.
 */
const checkedPart = (urls: readonly string[]) => urls.slice(0, LENGTHS.clientUrls + 1);

const indexesOf = (urls: readonly string[], broken: (url: string) => boolean): number[] =>
  checkedPart(urls).flatMap((url, index) => (broken(url) ? [index] : []));

/** The fields that describe a payment, the same in both mutations and in validatePayment. */
@InputType()
export abstract class PaymentFields {
  @Field(() => PaymentCustomerInput, { description: 'The payer.' })
  @ValidateNested()
  customer!: PaymentCustomerInput;

  @Field(() => PaymentAmountInput, { description: 'The amount to ask the payer for. The payer cannot change it.' })
  @ValidateNested()
  amount!: PaymentAmountInput;

  @Field(() => ID, {
    nullable: true,
    description:
      "Your reference, 1-64 visible characters, such as the number of an order or loan. Flinks's daily files repeat it, with a suffix if another client used the same reference before. When you send none, the gateway generates a GUID.",
  })
  @NewIdRules()
  referenceId?: IdInput | null;

  @Field(() => [String], {
    nullable: true,
    description: `The pages that may embed the payment page, at most ${LENGTHS.clientUrls} absolute https URLs (the clientUrls of Flinks). When you send any, browsers refuse to show the payment page inside any other page.`,
  })
  @Rule(
    Code.TOO_MANY,
    `Use at most ${LENGTHS.clientUrls} URLs.`,
    (urls: readonly string[]) => urls.length <= LENGTHS.clientUrls,
  )
  @ItemRule(Code.TOO_LONG, `Use a URL of at most ${LENGTHS.clientUrlLength} characters.`, (urls: readonly string[]) =>
    indexesOf(urls, (url) => url.length > LENGTHS.clientUrlLength),
  )
  @ItemRule(
    Code.INVALID_CHARACTERS,
    'Percent-encode the characters that a URL may not contain.',
    (urls: readonly string[]) => indexesOf(urls, (url) => !hasUrlCharacters(url)),
  )
  @ItemRule(
    Code.INVALID_URL,
    'Use an absolute URL, such as https://shop.example/pay, without credentials and fragment.',
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
    'Use a URL of an origin that this gateway allows. Its operators configure the list.',
    (urls: readonly string[], { clientUrlOrigins }) =>
      indexesOf(urls, (url) => clientUrlOrigins.length > 0 && !isOfOrigins(url, clientUrlOrigins)),
  )
  @ItemRule(Code.DUPLICATE, 'List each URL once.', (urls: readonly string[]) => duplicateIndexes(checkedPart(urls)))
  clientUrls?: string[] | null;
}

/** The fields of both mutations: a payment, and the key by which a repeated call is recognised. */
@InputType()
export abstract class PaymentIntent extends PaymentFields {
  @Field(() => ID, {
    description: `The key by which the gateway recognises repeated calls, 1-${LENGTHS.idempotencyKeyLength} printable ASCII characters, compared byte for byte. Generate one, such as a UUID, when the user decides to pay, and send it with every repeat of that decision to the same mutation: all these calls return the same payment.`,
  })
  @KeyRules()
  idempotencyKey!: IdInput;

  @Field(() => Boolean, {
    defaultValue: false,
    description:
      'Set it to true when a person wants this payment although a DuplicatePaymentError reported an earlier one like it.',
  })
  allowDuplicate!: boolean;
}

@InputType({ description: 'The input of createPaymentSession.' })
export class CreatePaymentSessionInput extends PaymentIntent {}

@InputType({ description: 'The input of sendPaymentRequest.' })
export class SendPaymentRequestInput extends PaymentIntent {}

@InputType({ description: 'The input of validatePayment: the fields of the mutations that describe a payment.' })
export class ValidatePaymentInput extends PaymentFields {}
