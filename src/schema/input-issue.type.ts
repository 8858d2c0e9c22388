import { Field, ObjectType, registerEnumType } from 'type-graphql';

export enum InputIssueCode {
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

registerEnumType(InputIssueCode, {
  name: 'InputIssueCode',
  description: 'What is wrong with a field, for programs; the message says it for people.',
  valuesConfig: {
    REQUIRED: { description: 'Blank, or a part that is needed is missing.' },
    TOO_SHORT: { description: 'Fewer characters than needed.' },
    TOO_LONG: { description: 'More characters than allowed.' },
    INVALID_CHARACTERS: { description: 'Characters that do not belong there, invisible ones included.' },
    INVALID_EMAIL: { description: 'Not an address that mail systems accept.' },
    INVALID_DECIMAL: { description: 'Not a plain decimal such as "250.00", or sent as a fractional JSON number.' },
    TOO_MANY_DECIMALS: { description: 'More digits after the point than the currency has.' },
    TOO_SMALL: { description: 'The number is below what is accepted; an amount is not above zero.' },
    TOO_LARGE: { description: 'The number is above what is accepted; an amount is above the maximum of this gateway.' },
    INVALID_URL: { description: 'Not an absolute https URL without credentials and fragment.' },
    URL_NOT_ALLOWED: { description: 'A well-formed URL that this gateway does not permit.' },
    TOO_MANY: { description: 'More list items than allowed.' },
    DUPLICATE: { description: 'The same list item twice.' },
    INVALID_CURSOR: { description: 'Not a cursor that the list has told.' },
    INVALID_ID: {
      description:
        'No id: a JSON number that is not exact, or what programs write where they have none, such as "undefined".',
    },
  },
});

@ObjectType({ description: 'One problem with one input field.' })
export class InputIssue {
  @Field(() => [String], {
    description: 'Where: argument, fields and list index, e.g. ["input", "customer", "email"]. Never the value.',
  })
  path!: string[];

  @Field(() => InputIssueCode, { description: 'What is wrong, for programs.' })
  code!: InputIssueCode;

  @Field(() => String, { description: 'What is wrong and what to do, for people. Does not repeat the value.' })
  message!: string;
}
