import { JsonText, MARK } from '../payment-calls.js';
import {
  BIDI,
  CONTROLS,
  INVISIBLE,
  LINE_BREAKS,
  UNPAIRED_AND_UNASSIGNED,
  ZERO_WIDTH,
  inId,
  inKey,
} from './characters.js';
import type { BadValues } from './values.js';

/** JSON numbers that parsing rounds, and results of such rounding. */
const INEXACT_NUMBERS = ['9007199254740993', '-9007199254740993', '1234567890123456789', '1e21', '-0'].map(
  (number) => new JsonText(number),
);

/** Well-formed texts that programs and people write where they have no id. */
const PLACEHOLDERS = [
  ...['undefined', 'null', 'NULL', 'NaN', 'none', 'nil', 'N/A', 'n/a', 'NA', 'unknown', 'true', '(null)', '#N/A'],
  ...['undefined-undefined', '-', '--', '.', '_', '?', '""', '{}', '${orderId}', '#REF!'],
  ...['00000000-0000-0000-0000-000000000000', '{00000000-0000-0000-0000-000000000000}', '0'.repeat(32)],
  ...['ffffffff-ffff-ffff-ffff-ffffffffffff', 'FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF'],
];

const badIdValues: readonly Omit<BadValues, 'field'>[] = [
  { kind: 'JSON numbers that are not exact', codes: ['INVALID_ID'], values: INEXACT_NUMBERS },
  { kind: 'placeholders for a missing id', codes: ['INVALID_ID'], values: PLACEHOLDERS },
  { kind: 'an empty text', codes: ['TOO_SHORT'], values: [''] },
  {
    kind: 'spaces',
    codes: ['INVALID_CHARACTERS'],
    values: [' ', inId(' '), ` ${MARK}`, `${MARK} `, inId('\u00a0'), inId('\u2009'), inId('\u3000'), inId('\t')],
  },
  { kind: 'line breaks', codes: ['INVALID_CHARACTERS'], values: [...LINE_BREAKS.map(inId), `${MARK}1042\n`] },
  {
    kind: 'invisible characters',
    codes: ['INVALID_CHARACTERS'],
    values: [
      ...['\0', '\x1b', '\x7f', '\u202e', '\u2067', '\u200b', '\u200d', '\ufeff', '\u00ad', '\u034f'],
      ...['\u3164', '\uffa0', '\u2800', '\ufe0f', '\u{e0041}', '\ud800', '\udc00', '\ue000', '\uffff'],
    ].map(inId),
  },
  {
    kind: 'more than 64 characters',
    codes: ['TOO_LONG'],
    values: [
      MARK + 'a'.repeat(60),
      MARK + '\u{1f98a}'.repeat(60),
      MARK + 'e\u0301'.repeat(30),
      MARK.repeat(2_000),
      '1'.repeat(65),
    ],
  },
  {
    kind: 'more than 64 characters, not all visible',
    codes: ['TOO_LONG', 'INVALID_CHARACTERS'],
    values: [MARK + 'a'.repeat(59) + ' ', `${MARK}\u200b`.repeat(20), `${MARK}\r\nX-Injected: ${'a'.repeat(50)}`],
  },
];

/** Values that break the rules of `customer.userId` and of `referenceId`. */
export const badIds: readonly BadValues[] = ['customer.userId', 'referenceId'].flatMap((field) =>
  badIdValues.map((group) => ({ field, ...group })),
);

/** Values that break the rules of `idempotencyKey`, which only the mutations have. */
export const badKeys: readonly BadValues[] = [
  { kind: 'JSON numbers that are not exact', codes: ['INVALID_ID'], values: INEXACT_NUMBERS },
  {
    kind: 'placeholders for a missing id',
    codes: ['INVALID_ID'],
    values: [
      ...PLACEHOLDERS,
      ...[
        ' ',
        '   ',
        ' '.repeat(255),
        ' null ',
        '[object Object]',
        '[object Promise]',
        'not available',
        '{{ orderId }}',
      ],
      ...['function randomUUID() { [native code] }', '() => crypto.randomUUID()'],
    ],
  },
  { kind: 'an empty text', codes: ['TOO_SHORT'], values: [''] },
  {
    kind: 'tabs and line breaks',
    codes: ['INVALID_CHARACTERS'],
    values: [
      ...['\t', ...LINE_BREAKS].map(inKey),
      ...['\t', '\n', '\r\n', `\t${MARK}`, `${MARK}\t`, `${MARK}\n`, `${MARK}\r\nX-Injected: yes`],
    ],
  },
  {
    kind: 'control characters',
    codes: ['INVALID_CHARACTERS'],
    values: [...CONTROLS.map(inKey), inKey('\x1f'), '\0', '\x7f', `\0${MARK}`, `${MARK}\0`, `${MARK}\x7f`],
  },
  {
    kind: 'characters beyond ASCII',
    codes: ['INVALID_CHARACTERS'],
    values: [
      ...['\u00e9', 'e\u0301', '\u00a0', '\u3000', '\u20ac', '\u2019', '\uff4b', '\u212a', '\u0430', '\u7530'].map(
        inKey,
      ),
      ...['\u{1f600}', '\u2764\ufe0f', '\u{1f469}\u200d\u{1f4bb}', '\u{10428}'].map(inKey),
      ...['\u00e9', '\u{1f600}', '\u00a0', '\ufffd'],
    ],
  },
  {
    kind: 'invisible characters',
    codes: ['INVALID_CHARACTERS'],
    values: [...BIDI, ...ZERO_WIDTH, ...INVISIBLE].map(inKey).concat([`\ufeff${MARK}`, `${MARK}\u200b`]),
  },
  {
    kind: 'unpaired surrogates and unassigned characters',
    codes: ['INVALID_CHARACTERS'],
    values: [...UNPAIRED_AND_UNASSIGNED.map(inKey), `${MARK}\ud83d`],
  },
  {
    kind: 'more than 255 characters',
    codes: ['TOO_LONG'],
    values: [
      MARK + 'a'.repeat(251),
      MARK + ' '.repeat(251),
      ' '.repeat(256),
      '1'.repeat(256),
      MARK.repeat(52),
      MARK.repeat(15_000),
    ],
  },
  {
    kind: 'more than 255 characters, not all printable ASCII',
    codes: ['TOO_LONG', 'INVALID_CHARACTERS'],
    values: [
      `${MARK}${'a'.repeat(250)}\n`,
      `${MARK}\0`.repeat(50),
      `${MARK}${'\u00e9'.repeat(300)}`,
      `${MARK}${'\u{1f600}'.repeat(300)}`,
      `${MARK}\r\nX-Injected: ${'a'.repeat(300)}`,
    ],
  },
].map((group) => ({ field: 'idempotencyKey', ...group }));
