import { JsonText, MARK } from '../payment-calls.js';
import { inKey, inUrl } from './characters.js';

/** A payment whose shape does not fit the schema, in variables. */
export interface Misfit {
  /** Path below the payment; empty for the payment itself. */
  readonly field: string;
  readonly kind: string;
  readonly values: readonly unknown[];
  /** Paths below the payment that are named; the field itself when absent. */
  readonly named?: readonly string[];
}

const CUSTOMER_FIELDS = ['customer.userId', 'customer.name', 'customer.email'];

/** Misfits that both the mutations and validatePayment refuse. */
export const misfits: readonly Misfit[] = [
  ...['customer', 'amount', ...CUSTOMER_FIELDS, 'amount.value'].map((field) => ({
    field,
    kind: 'missing or null',
    values: [undefined, null],
  })),
  { field: 'amount.currency', kind: 'null', values: [null] },
  { field: 'customer', kind: 'no object', values: [7319513773, 1.5, `${MARK} Tremblay`, true, [MARK], []] },
  { field: 'amount', kind: 'no object', values: [7319513773, 1.5, '7319513.77', false, ['7319513.77'], []] },
  { field: 'customer', kind: 'an empty object', values: [{}], named: CUSTOMER_FIELDS },
  { field: 'amount', kind: 'an empty object', values: [{}], named: ['amount.value'] },
  {
    field: 'customer.name',
    kind: 'no text',
    values: [7319513773, 1.5, true, [`${MARK} Tremblay`], { first: MARK }, []],
  },
  {
    field: 'customer.email',
    kind: 'no text',
    values: [7319513773, 1.5, true, [`${MARK}@example.com`], { address: MARK }],
  },
  { field: 'customer.userId', kind: 'no id', values: [7319513.773, true, [MARK], { id: MARK }, new JsonText('1e400')] },
  { field: 'referenceId', kind: 'no id', values: [7319513.773, false, [MARK], { id: MARK }, new JsonText('0.5')] },
  { field: 'amount.value', kind: 'no decimal', values: [true, false, ['7319513.77'], { value: '7319513.77' }, []] },
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
  { field: 'clientUrls', kind: 'no list', values: [7319513773, true, { url: inUrl('') }] },
  { field: 'clientUrls.0', kind: 'no text', values: [null, 7319513773, true, { url: inUrl('') }, [inUrl('')]] },
  // A field that the schema does not know is not named: its name is the caller's text.
  {
    field: `customer.${MARK}`,
    kind: 'an unknown field',
    values: [1, MARK, null, { [MARK]: MARK }],
    named: ['customer'],
  },
  { field: `amount.${MARK}`, kind: 'an unknown field', values: ['7319513.77', []], named: ['amount'] },
  { field: 'customer.Name', kind: 'a field in another case', values: [`${MARK} Tremblay`], named: ['customer'] },
  { field: 'customer.toString', kind: 'a field that every object has', values: [MARK], named: ['customer'] },
  { field: 'customer.__typename', kind: 'the name of a type', values: [MARK], named: ['customer'] },
  {
    field: `customer.${MARK}" of required type "ID!" was not provided`,
    kind: 'an unknown field that reads like a message',
    values: [1],
    named: ['customer'],
  },
  {
    field: `amount.${MARK}" is not defined by type "PaymentAmountInput"`,
    kind: 'an unknown field that reads like a message',
    values: [1],
    named: ['amount'],
  },
];

/** Misfits of the one argument of the mutations. */
export const inputMisfits: readonly Misfit[] = [
  { field: 'idempotencyKey', kind: 'missing or null', values: [undefined, null] },
  {
    field: 'idempotencyKey',
    kind: 'no id',
    values: [7319513.773, true, false, [MARK], [], { key: MARK }, {}, new JsonText('1e400'), new JsonText('0.5')],
  },
  { field: 'IdempotencyKey', kind: 'a field in another case', values: [inKey(' ')], named: [''] },
  { field: '', kind: 'missing or null', values: [undefined, null] },
  { field: '', kind: 'no object', values: [7319513773, 1.5, MARK, true, [MARK], []] },
  { field: '', kind: 'an empty object', values: [{}], named: ['idempotencyKey', 'customer', 'amount'] },
  { field: MARK, kind: 'an unknown field', values: [MARK, 7319513773, { [MARK]: MARK }], named: [''] },
  { field: 'clientUrl', kind: 'a field in the singular', values: [inUrl('')], named: [''] },
];

/** As `Misfit`, with values as they are written in a document. */
export interface LiteralMisfit {
  readonly field: string;
  readonly literals: readonly (string | undefined)[];
  readonly named?: readonly string[];
}

export const literalMisfits: readonly LiteralMisfit[] = [
  ...['customer', 'amount', ...CUSTOMER_FIELDS, 'amount.value'].map((field) => ({
    field,
    literals: [undefined, 'null'],
  })),
  { field: 'customer', literals: ['7319513773', '1.5', `"${MARK}"`, 'true', `["${MARK}"]`, '[]', MARK] },
  { field: 'amount', literals: ['7319513773', '"7319513.77"', 'false', '["7319513.77"]', MARK] },
  { field: 'customer', literals: ['{}'], named: CUSTOMER_FIELDS },
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
  { field: `customer.${MARK}`, literals: ['1', `"${MARK}"`, `{${MARK}: "${MARK}"}`], named: ['customer'] },
  { field: `amount.${MARK}`, literals: ['7319513.77'], named: ['amount'] },
];

/** Literal misfits of the one argument of the mutations. */
export const inputLiteralMisfits: readonly LiteralMisfit[] = [
  { field: 'idempotencyKey', literals: [undefined, 'null'] },
  {
    field: 'idempotencyKey',
    literals: ['7319513.773', '7319513e3', '7319513.0', 'true', `["${MARK}"]`, '[]', `{key: "${MARK}"}`, '{}', MARK],
  },
];
