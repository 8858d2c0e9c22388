import { Field, ObjectType, registerEnumType } from 'type-graphql';

export enum PaymentInputIssueCode {
  REQUIRED = 'REQUIRED',
  TOO_SHORT = 'TOO_SHORT',
  TOO_LONG = 'TOO_LONG',
  INVALID_CHARACTERS = 'INVALID_CHARACTERS',
  INVALID_EMAIL = 'INVALID_EMAIL',
  INVALID_DECIMAL = 'INVALID_DECIMAL',
  TOO_MANY_DECIMALS = 'TOO_MANY_DECIMALS',
  TOO_SMALL = 'TOO_SMALL',
  TOO_LARGE = 'TOO_LARGE',
  INVALID_URL = 'INVALID_URL',
  URL_NOT_ALLOWED = 'URL_NOT_ALLOWED',
  TOO_MANY = 'TOO_MANY',
  DUPLICATE = 'DUPLICATE',
  INVALID_CURSOR = 'INVALID_CURSOR',
  INVALID_ID = 'INVALID_ID',
}

registerEnumType(PaymentInputIssueCode, {
  name: 'PaymentInputIssueCode',
  description: 'What is wrong with an input field, as a code for programs.',
  valuesConfig: {
    REQUIRED: { description: 'The value is blank, or a required part is missing.' },
    TOO_SHORT: { description: 'The value has too few characters.' },
    TOO_LONG: { description: 'The value has too many characters.' },
    INVALID_CHARACTERS: { description: 'The value contains characters that are not allowed, such as invisible ones.' },
    INVALID_EMAIL: { description: 'The value is not an address that mail systems accept.' },
    INVALID_DECIMAL: {
      description: 'The value is not a plain decimal, such as "250.00", or was sent as a fractional JSON number.',
    },
    TOO_MANY_DECIMALS: { description: 'The value has more decimals than the currency.' },
    TOO_SMALL: { description: 'The number is below the minimum; an amount must be above zero.' },
    TOO_LARGE: { description: 'The number is above the maximum; for an amount, the maximum of this gateway.' },
    INVALID_URL: { description: 'The value is not an absolute https URL without credentials and fragment.' },
    URL_NOT_ALLOWED: { description: 'The URL is well-formed, but this gateway does not allow it.' },
    TOO_MANY: { description: 'The list has too many items.' },
    DUPLICATE: { description: 'The list contains the same item twice.' },
    INVALID_CURSOR: { description: 'The value is not a cursor returned by this list.' },
    INVALID_ID: {
      description:
        'The value is not an id: a JSON number too large to be exact, or a placeholder that programs write for a missing id, such as "undefined".',
    },
  },
});

@ObjectType({ description: 'A problem with one input field.' })
export class PaymentInputIssue {
  @Field(() => [String], {
    description:
      'The path to the field: argument, field names and list index, such as ["input", "customer", "email"]. Never contains the value.',
  })
  path!: string[];

  @Field(() => PaymentInputIssueCode, { description: 'What is wrong, as a code for programs.' })
  code!: PaymentInputIssueCode;

  @Field(() => String, {
    description: 'What is wrong and what to do, in English, for people. Never contains the value.',
  })
  message!: string;
}
