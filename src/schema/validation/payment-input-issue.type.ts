import { ObjectType } from 'type-graphql';
import { Field, enumType } from '../typegraphql.js';

const PaymentInputIssueCodeEnum = enumType({
  name: 'PaymentInputIssueCode',
  description: 'What is wrong with an input field, as a code for programs.',
  values: {
    REQUIRED: 'The value is blank, or a required part is missing.',
    TOO_SHORT: 'The value has too few characters.',
    TOO_LONG: 'The value has too many characters.',
    INVALID_CHARACTERS: 'The value contains characters that are not allowed, such as invisible ones.',
    INVALID_EMAIL: 'The value is not an address that mail systems accept.',
    INVALID_DECIMAL: 'The value is not a plain decimal, such as "250.00", or was sent as a fractional JSON number.',
    TOO_MANY_DECIMALS: 'The value has more decimals than the currency.',
    TOO_SMALL: 'The number is below the minimum; an amount must be above zero.',
    TOO_LARGE: 'The number is above the maximum; for an amount, the maximum of this gateway.',
    INVALID_URL: 'The value is not an absolute http or https URL, or it contains credentials or a fragment.',
    URL_NOT_ALLOWED:
      'The URL is well-formed, but it is not https, its host has no public name, or this gateway does not allow its origin.',
    TOO_MANY: 'The list has too many items.',
    DUPLICATE: 'The list contains the same item twice.',
    INVALID_CURSOR: 'The value is not a cursor that a list of this kind returned.',
    INVALID_ID:
      'The value is not an id: a JSON number too large to be exact, or a placeholder that programs write for a missing id, such as "undefined".',
  },
});

/** What is wrong with an input field. */
export type PaymentInputIssueCode = keyof typeof PaymentInputIssueCodeEnum;

@ObjectType({ description: 'A problem with one input field.' })
export class PaymentInputIssue {
  @Field(
    () => [String],
    'The path to the field: argument, field names and list index, such as ["input", "customer", "email"]. Never contains the value.',
  )
  path!: string[];

  @Field(() => PaymentInputIssueCodeEnum, 'What is wrong, as a code for programs.')
  code!: PaymentInputIssueCode;
  @Field(() => String, 'What is wrong and what to do, in English, for people. Never contains the value.')
  message!: string;
}
