import { newInput } from '../../support/payments.js';
import { sendEach } from '../attack.js';
import type { Attack } from '../attack.js';
import { LIST_PAYMENTS, creationWith } from '../requests.js';

/** A payment with each of these values in its input. */
function input<T>(
  name: string,
  details: string,
  issue: string,
  values: readonly T[],
  change: (value: T) => Record<string, unknown>,
): Attack {
  return {
    name,
    details,
    stage: 'input',
    stoppedBy: 'src/schema/payment/payment.input.ts',
    response: `200 InvalidPaymentInputError ${issue}`,
    run: (attacker) => sendEach(values, (value) => attacker.send(creationWith(change(value)))),
  };
}

const customer = (change: Record<string, unknown>): Record<string, unknown> => ({
  customer: { ...newInput().customer, ...change },
});

const amount = (value: unknown): Record<string, unknown> => ({ amount: { value, currency: 'CAD' } });

/** Texts that some programs split, cut off or display differently. */
const DECEPTIVE_TEXTS = [
  'a\0b',
  'a\u202eb',
  'a\u200bb',
  '\ufeffa',
  'a\u2028b',
  'a\r\nb',
  'a\u001b[31mb',
  '\u2066a\u2069',
  'a\ud800b',
];

/** Amounts, texts, pages and types that are not valid. */
export const paymentInputAttacks: readonly Attack[] = [
  input(
    'sends an amount that is not a decimal number',
    'Exponents, signs, hexadecimal numbers, separators, NaN, Infinity, spaces, non-ASCII digits and an empty text.',
    'INVALID_DECIMAL',
    [
      '1e3',
      '1E400',
      '-0',
      '-0.00',
      '-1.00',
      '+1',
      '0x10',
      '1,000.00',
      'NaN',
      'Infinity',
      ' 1.00',
      '1.00 ',
      '\u0661.00',
      '\uff11',
      '.5',
      '5.',
      '',
      '1_000',
      '1.0.0',
    ],
    amount,
  ),
  input(
    'sends an amount that is too large',
    'A cent more than allowed, a number beyond 2^53, and numbers of hundreds and thousands of digits.',
    'TOO_LARGE',
    ['10000.01', '9'.repeat(400), '9007199254740993', '1' + '0'.repeat(5_000)],
    amount,
  ),
  input('sends an amount of zero', '0, 0.00 and 0.0.', 'TOO_SMALL', ['0', '0.00', '0.0'], amount),
  input(
    'sends an amount with fractions of a cent',
    'Amounts with three and with 2,001 decimals.',
    'TOO_MANY_DECIMALS',
    ['1.001', '1.000', `1.${'0'.repeat(2_000)}1`],
    amount,
  ),
  input(
    'sends a fraction as a JSON number',
    '0.30000000000000004, 1e-7 and -0.5 as numbers.',
    'INVALID_DECIMAL',
    [0.1 + 0.2, 1e-7, -0.5],
    amount,
  ),
  {
    ...input(
      'sends JSON numbers that are out of range',
      'Negative numbers, 1e400, and integers beyond 2^53.',
      '',
      [],
      () => ({}),
    ),
    response: '200 InvalidPaymentInputError TOO_SMALL | 200 InvalidPaymentInputError INVALID_DECIMAL',
    run: (attacker) => {
      const json = JSON.stringify(creationWith(amount('AMOUNT')));
      return sendEach(['-0', '-5', '1e400', '1e30', '9007199254740993', '12345678901234567890'], (number) =>
        attacker.send(json.replace('"AMOUNT"', number)),
      );
    },
  },
  input(
    'sends deceptive characters in an idempotency key',
    'NUL, line breaks, right-to-left and invisible characters, look-alikes and lone surrogates.',
    'INVALID_CHARACTERS',
    [...DECEPTIVE_TEXTS, 'k\u00e9y', 'ke\u0301y', 'k\u0435y', 'key\n', '\ud800'],
    (idempotencyKey) => ({ idempotencyKey }),
  ),
  input(
    'sends deceptive characters in a user id and a reference',
    'NUL, line breaks, right-to-left and invisible characters, and lone surrogates.',
    'INVALID_CHARACTERS',
    DECEPTIVE_TEXTS,
    (text) => ({ ...customer({ userId: text }), referenceId: text }),
  ),
  input(
    'adds recipients to an e-mail address',
    'Addresses with line breaks, a second recipient, comments, quotes, angle brackets, NUL and a look-alike letter.',
    'INVALID_CHARACTERS',
    [
      'a@example.com\r\nbcc: b@example.com',
      'a@example.com,b@example.com',
      '"a b"@example.com',
      '<a@example.com>',
      'a@example.com\0',
      'a(x)@example.com',
      '\u0430@example.com',
    ],
    (email) => customer({ email }),
  ),
  input(
    'sends markup and commands in a name',
    'Names with HTML, line breaks, NUL, a template expression, right-to-left text and a shell command.',
    'INVALID_CHARACTERS',
    ['Alex <script>', 'Alex\r\nTremblay', 'Alex\0 T', 'Alex {{7*7}} T', 'Alex \u202eyalbmerT', 'Alex $(id) T'],
    (name) => customer({ name }),
  ),
  input(
    'sends an idempotency key that is too long',
    'Keys of 256 and 50,000 characters.',
    'TOO_LONG',
    ['k'.repeat(256), 'k'.repeat(50_000)],
    (idempotencyKey) => ({ idempotencyKey }),
  ),
  {
    name: 'asks for a page of an invalid size',
    details: 'paymentSessions with a first of 0, 101, -1, 2^31 and 1.5.',
    stage: 'input',
    stoppedBy: 'src/schema/pagination/page.ts',
    response: '200 BAD_USER_INPUT',
    run: (attacker) =>
      sendEach([0, 101, -1, 2 ** 31, 1.5], (first) =>
        attacker.send({
          query: 'query ($first: Int!) { paymentSessions(first: $first) { edges { cursor } } }',
          variables: { first },
        }),
      ),
  },
  {
    name: 'makes its own cursor',
    details: 'Cursors that contain SQL, objects, lists of the wrong length, and no base64.',
    stage: 'input',
    stoppedBy: 'src/schema/pagination/cursor.ts',
    response: '200 BAD_USER_INPUT',
    run: (attacker) => {
      const contents = ["' OR 1=1 --", '["x"]', '{"id":1}', '[[],[]]', '[null,null]', '[]', '[1,2,3,4,5]'];
      return sendEach(['x', '', '====', ...contents.map((text) => Buffer.from(text).toString('base64url'))], (after) =>
        attacker.send({ query: LIST_PAYMENTS, variables: { after } }),
      );
    },
  },
  {
    name: 'sends values of other types',
    details: 'Lists, objects, null, booleans and texts where the schema has another type.',
    stage: 'input',
    stoppedBy: 'graphql-js checks the types of variables',
    response: '200 BAD_USER_INPUT',
    run: (attacker) =>
      sendEach(
        [
          { idempotencyKey: ['k'] },
          { idempotencyKey: {} },
          { idempotencyKey: null },
          { idempotencyKey: true },
          { customer: [] },
          { amount: '5.00' },
          { clientUrls: { 0: 'x' } },
          { allowDuplicate: 'true' },
        ],
        (change) => attacker.send(creationWith(change)),
      ),
  },
];
