import { JsonText, MARK } from '../payment-calls.js';
import { inKey, inUrl } from './characters.js';

/** Values that violate the schema when they are sent in variables. */
export interface SchemaViolation {
  /** The path below the payment. Empty for the payment itself. */
  readonly field: string;
  readonly kind: string;
  readonly values: readonly unknown[];
  /** The paths below the payment that the response names. The default is `field`. */
  readonly reportedPaths?: readonly string[];
}

const CUSTOMER_FIELDS = ['customer.userId', 'customer.name', 'customer.email'];

/** Values that both the mutations and validatePayment reject. */
export const schemaViolations: readonly SchemaViolation[] = [
  ...['customer', 'amount', ...CUSTOMER_FIELDS, 'amount.value'].map((field) => ({
    field,
    kind: 'missing or null',
    values: [undefined, null],
  })),
  { field: 'amount.currency', kind: 'null', values: [null] },
  { field: 'customer', kind: 'not an object', values: [7319513773, 1.5, `${MARK} Tremblay`, true, [MARK], []] },
  { field: 'amount', kind: 'not an object', values: [7319513773, 1.5, '7319513.77', false, ['7319513.77'], []] },
  { field: 'customer', kind: 'an empty object', values: [{}], reportedPaths: CUSTOMER_FIELDS },
  { field: 'amount', kind: 'an empty object', values: [{}], reportedPaths: ['amount.value'] },
  {
    field: 'customer.name',
    kind: 'not a text',
    values: [7319513773, 1.5, true, [`${MARK} Tremblay`], { first: MARK }, []],
  },
  {
    field: 'customer.email',
    kind: 'not a text',
    values: [7319513773, 1.5, true, [`${MARK}@example.com`], { address: MARK }],
  },
  {
    field: 'customer.userId',
    kind: 'not an id',
    values: [7319513.773, true, [MARK], { id: MARK }, new JsonText('1e400')],
  },
  { field: 'referenceId', kind: 'not an id', values: [7319513.773, false, [MARK], { id: MARK }, new JsonText('0.5')] },
  { field: 'amount.value', kind: 'not a decimal', values: [true, false, ['7319513.77'], { value: '7319513.77' }, []] },
  {
    field: 'amount.currency',
    kind: 'another currency',
    values: [
      MARK.toUpperCase(),
      'USD',
      'cad',
      'CAD ',
      '',
      '\u200bCAD',
      `CAD cannot ${MARK}`,
      124,
      true,
      ['CAD'],
      { code: MARK },
    ],
  },
  { field: 'clientUrls', kind: 'not a list', values: [7319513773, true, { url: inUrl('') }] },
  { field: 'clientUrls.0', kind: 'not a text', values: [null, 7319513773, true, { url: inUrl('') }, [inUrl('')]] },
  // The response does not name a field that the schema does not have, because its name comes from the client.
  {
    field: `customer.${MARK}`,
    kind: 'an unknown field',
    values: [1, MARK, null, { [MARK]: MARK }],
    reportedPaths: ['customer'],
  },
  { field: `amount.${MARK}`, kind: 'an unknown field', values: ['7319513.77', []], reportedPaths: ['amount'] },
  {
    field: 'customer.Name',
    kind: 'a field in another case',
    values: [`${MARK} Tremblay`],
    reportedPaths: ['customer'],
  },
  { field: 'customer.toString', kind: 'a field that every object has', values: [MARK], reportedPaths: ['customer'] },
  { field: 'customer.__typename', kind: 'the name of a type', values: [MARK], reportedPaths: ['customer'] },
  {
    field: `customer.${MARK}" of required type "ID!" was not provided`,
    kind: 'an unknown field that reads like a message',
    values: [1],
    reportedPaths: ['customer'],
  },
  {
    field: `amount.${MARK}" is not defined by type "PaymentAmountInput"`,
    kind: 'an unknown field that reads like a message',
    values: [1],
    reportedPaths: ['amount'],
  },
];

/** Values that only the mutations reject, because of their key or because the whole input is wrong. */
export const inputSchemaViolations: readonly SchemaViolation[] = [
  { field: 'idempotencyKey', kind: 'missing or null', values: [undefined, null] },
  {
    field: 'idempotencyKey',
    kind: 'not an id',
    values: [7319513.773, true, false, [MARK], [], { key: MARK }, {}, new JsonText('1e400'), new JsonText('0.5')],
  },
  { field: 'IdempotencyKey', kind: 'a field in another case', values: [inKey(' ')], reportedPaths: [''] },
  { field: '', kind: 'missing or null', values: [undefined, null] },
  { field: '', kind: 'not an object', values: [7319513773, 1.5, MARK, true, [MARK], []] },
  { field: '', kind: 'an empty object', values: [{}], reportedPaths: ['idempotencyKey', 'customer', 'amount'] },
  { field: MARK, kind: 'an unknown field', values: [MARK, 7319513773, { [MARK]: MARK }], reportedPaths: [''] },
  { field: 'clientUrl', kind: 'a field in the singular', values: [inUrl('')], reportedPaths: [''] },
];

/** Values that violate the schema when they are written in a document. */
export interface LiteralViolation {
  readonly field: string;
  readonly literals: readonly (string | undefined)[];
  readonly reportedPaths?: readonly string[];
}

/** Literals that both the mutations and validatePayment reject. */
export const literalViolations: readonly LiteralViolation[] = [
  ...['customer', 'amount', ...CUSTOMER_FIELDS, 'amount.value'].map((field) => ({
    field,
    literals: [undefined, 'null'],
  })),
  { field: 'customer', literals: ['7319513773', '1.5', `"${MARK}"`, 'true', `["${MARK}"]`, '[]', MARK] },
  { field: 'amount', literals: ['7319513773', '"7319513.77"', 'false', '["7319513.77"]', MARK] },
  { field: 'customer', literals: ['{}'], reportedPaths: CUSTOMER_FIELDS },
  { field: 'customer.name', literals: ['7319513773', '1.5', 'true', `["${MARK}"]`, `{first: "${MARK}"}`, MARK] },
  { field: 'customer.email', literals: ['7319513773', 'false', `{first: "${MARK}"}`, `{${MARK}: 1}`] },
  {
    field: 'customer.userId',
    literals: ['7319513.773', '7319513e3', '7319513.0', 'true', `["${MARK}"]`, `{id: "${MARK}"}`, MARK],
  },
  { field: 'referenceId', literals: ['7319513.773', '7319513e3', '7319513.0', 'true', `{id: "${MARK}"}`, MARK] },
  { field: 'amount.value', literals: ['true', '["7319513.77"]', '{value: 7319513.77}', MARK] },
  {
    field: 'amount.currency',
    literals: ['USD', 'cad', `"${MARK}"`, '"CAD"', MARK.toUpperCase(), '7319513773', 'true', 'null', '[USD]'],
  },
  { field: 'clientUrls', literals: ['7319513773', 'true', `{url: "${MARK}"}`] },
  {
    field: 'clientUrls.0',
    literals: ['7319513773', 'null', 'true', `{url: "${MARK}"}`, `["https://${MARK}.example"]`],
  },
  { field: `customer.${MARK}`, literals: ['1', `"${MARK}"`, `{${MARK}: "${MARK}"}`], reportedPaths: ['customer'] },
  { field: `amount.${MARK}`, literals: ['7319513.77'], reportedPaths: ['amount'] },
];

/** Literals that only the mutations reject. */
export const inputLiteralViolations: readonly LiteralViolation[] = [
  { field: 'idempotencyKey', literals: [undefined, 'null'] },
  {
    field: 'idempotencyKey',
    literals: ['7319513.773', '7319513e3', '7319513.0', 'true', `["${MARK}"]`, '[]', `{key: "${MARK}"}`, '{}', MARK],
  },
];
