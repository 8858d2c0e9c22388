import { ID, InputType } from 'type-graphql';
import * as urlRules from '../../domain/client-url-rules.js';
import { decimalText, hasTooManyDecimals, isPlainDecimal } from '../../domain/money.js';
import type { Currency } from '../../domain/money.js';
import * as rules from '../../domain/payment-input-rules.js';
import { LENGTHS } from '../../domain/payment-input-rules.js';
import { PaymentCurrencyEnum } from './payment-amount.type.js';
import { DecimalScalar } from '../scalars/scalars.js';
import type { DecimalInput } from '../scalars/scalars.js';
import { Field, NullableField } from '../typegraphql.js';
import { ExactId, KeyRules, NewIdRules } from '../validation/id-rules.js';
import type { IdInput } from '../scalars/id.scalar.js';
import type { PaymentInputIssueCode } from '../validation/payment-input-issue.type.js';
import { ItemRule, Nested, Rule, TextRule } from '../validation/input-validation.js';
import type { InputRules, TextTest } from '../validation/input-validation.js';

const NAME_HELP = "exactly as the payer's bank has it: a different name makes the payment fail.";

@InputType({ description: 'The payer: the person who is asked to pay.' })
export class PaymentCustomerInput {
  @Field(() => ID, 'Your id of this person, 1-64 visible characters. Flinks stores it with the payment.')
  @NewIdRules()
  userId!: IdInput;

  @Field(
    () => String,
    'First and last name, separated by a space, at most 80 characters. Leading and trailing spaces are trimmed. The bank compares the name with its own record, and a different name makes the payment fail.',
  )
  @Rule('REQUIRED', `Enter first and last name, ${NAME_HELP}`, rules.hasFirstAndLastName)
  @Rule('TOO_LONG', `Use at most ${LENGTHS.nameLength} characters, ${NAME_HELP}`, rules.isNameShortEnough)
  @Rule(
    'INVALID_CHARACTERS',
    `Use only letters, digits, spaces and ' - . , : · & ( ) + on one line, ${NAME_HELP}`,
    rules.hasNameCharacters,
  )
  name!: string;

  @Field(
    () => String,
    'E-mail address, at most 254 characters. After sendPaymentRequest, Flinks e-mails the link to the payment page to it.',
  )
  @Rule('REQUIRED', 'Enter an e-mail address.', rules.isPresent)
  @Rule('TOO_LONG', `Use an address of at most ${LENGTHS.emailLength} characters.`, rules.isEmailShortEnough)
  @Rule(
    'INVALID_CHARACTERS',
    'Use a single address of visible ASCII characters, without quotes, brackets, commas or line breaks.',
    rules.hasEmailCharacters,
  )
  @Rule('INVALID_EMAIL', 'Enter a valid address, such as alex@example.com.', rules.isEmailAddress)
  email!: string;
}

function belowMaximum({ maxAmountMinor }: InputRules): string {
  return `Use an amount of at most ${decimalText(maxAmountMinor)}.`;
}

@InputType({ description: 'An amount of money.' })
export class PaymentAmountInput {
  @Field(
    () => DecimalScalar,
    'The amount in the unit of the currency: a decimal string with at most two decimals, such as "250.00". Above zero and at most the maximum of this gateway, which is 10000.00 unless an operator configured another one.',
  )
  @Rule(
    'INVALID_DECIMAL',
    'A fractional JSON number is not exact: send the amount as a string.',
    (value: DecimalInput) => typeof value === 'string',
  )
  @TextRule(
    'INVALID_DECIMAL',
    'Use a plain decimal, such as "250.00": digits and at most one decimal point, without sign, exponent or separators.',
    isPlainDecimal,
  )
  @TextRule('TOO_MANY_DECIMALS', 'Use at most two decimals.', (value) => !hasTooManyDecimals(value))
  @TextRule('TOO_SMALL', 'Use an amount above zero.', rules.isAboveZero)
  @TextRule('TOO_LARGE', belowMaximum, (value, { maxAmountMinor }) => rules.isWithinLimit(value, maxAmountMinor))
  value!: DecimalInput;

  @Field(() => PaymentCurrencyEnum, 'The currency of the amount. Flinks Pay collects Canadian dollars only.', {
    defaultValue: PaymentCurrencyEnum.CAD,
  })
  currency!: Currency;
}

/** The URLs that rules check: one issue reports that a list is too long, and checking the rest would only cost time. */
const checkedPart = (urls: readonly string[]) => urls.slice(0, LENGTHS.clientUrls + 1);

/** Requires each URL of a list to satisfy `holds`. */
function UrlRule(code: PaymentInputIssueCode, message: string, holds: TextTest): PropertyDecorator {
  return ItemRule(code, message, (urls: readonly string[], inputRules) =>
    checkedPart(urls).flatMap((url, index) => (holds(url, inputRules) ? [] : [index])),
  );
}

/** The fields that describe a payment, the same in both mutations and in validatePayment. */
@InputType()
export abstract class PaymentFields {
  @Field(() => PaymentCustomerInput, 'The payer.')
  @Nested()
  customer!: PaymentCustomerInput;

  @Field(() => PaymentAmountInput, 'The amount to ask the payer for. The payer cannot change it.')
  @Nested()
  amount!: PaymentAmountInput;

  @NullableField(
    () => ID,
    "Your reference, 1-64 visible characters, such as the number of an order or loan. Flinks's daily files of payments contain it, with a suffix if another client used the same reference before. When you send none, the gateway generates a GUID.",
  )
  @NewIdRules()
  referenceId?: IdInput | null;

  @NullableField(
    () => [String],
    `The pages that may embed the payment page, at most ${LENGTHS.clientUrls} absolute https URLs (the clientUrls of Flinks). When you send any, browsers refuse to show the payment page inside any other page.`,
  )
  @Rule(
    'TOO_MANY',
    `Use at most ${LENGTHS.clientUrls} URLs.`,
    (urls: readonly string[]) => urls.length <= LENGTHS.clientUrls,
  )
  @UrlRule(
    'TOO_LONG',
    `Use a URL of at most ${LENGTHS.clientUrlLength} characters.`,
    (url) => url.length <= LENGTHS.clientUrlLength,
  )
  @UrlRule('INVALID_CHARACTERS', 'Percent-encode the characters that a URL may not contain.', urlRules.hasUrlCharacters)
  @UrlRule(
    'INVALID_URL',
    'Use an absolute URL, such as https://shop.example/pay, without credentials and fragment.',
    (url) => !urlRules.hasUrlCharacters(url) || urlRules.isClientUrl(url),
  )
  @UrlRule('URL_NOT_ALLOWED', 'Use https.', (url, { localUrlsAllowed }) =>
    urlRules.isSecureClientUrl(url, localUrlsAllowed),
  )
  @UrlRule(
    'URL_NOT_ALLOWED',
    'Use the public name of a host, such as shop.example.',
    (url, { localUrlsAllowed }) => localUrlsAllowed || urlRules.hasPublicName(url),
  )
  @UrlRule(
    'URL_NOT_ALLOWED',
    'Use a URL of an origin that this gateway allows. Its operators configure the list.',
    (url, { clientUrlOrigins }) => clientUrlOrigins.length === 0 || urlRules.isOfOrigins(url, clientUrlOrigins),
  )
  @ItemRule('DUPLICATE', 'List each URL once.', (urls: readonly string[]) =>
    urlRules.duplicateIndexes(checkedPart(urls)),
  )
  clientUrls?: string[] | null;
}

/** The fields of both mutations: a payment, and the key by which a repeated call is recognized. */
@InputType()
export abstract class PaymentIntent extends PaymentFields {
  @Field(
    () => ID,
    `The key by which the gateway recognizes repeated calls, 1-${LENGTHS.idempotencyKeyLength} printable ASCII characters, compared byte for byte. Generate one, such as a UUID, when the user decides to pay. Send the same key, input and mutation whenever you repeat the call: all these calls return the same payment.`,
  )
  @KeyRules()
  idempotencyKey!: IdInput;

  @Field(
    () => Boolean,
    'Set it to true when a person wants this payment although a DuplicatePaymentError reported an earlier one like it.',
    { defaultValue: false },
  )
  allowDuplicate!: boolean;
}

@InputType({ description: 'The input of createPaymentSession.' })
export class CreatePaymentSessionInput extends PaymentIntent {}

@InputType({ description: 'The input of sendPaymentRequest.' })
export class SendPaymentRequestInput extends PaymentIntent {}

@InputType({ description: 'The input of validatePayment: the fields of the mutations that describe a payment.' })
export class ValidatePaymentInput extends PaymentFields {}

@InputType({
  description: 'The input of cancelPaymentSession. It needs no idempotency key: repeating the call is safe.',
})
export class CancelPaymentSessionInput {
  @Field(() => ID, 'The id of a PaymentSession.')
  @ExactId()
  id!: IdInput;
}
