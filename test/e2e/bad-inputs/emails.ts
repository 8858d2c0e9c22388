import { MARK } from '../payment-calls.js';
import { LINE_BREAKS, inEmail } from './characters.js';
import type { BadValues } from './values.js';

/** Values of `customer.email` that break the rules. */
export const badEmails: readonly BadValues[] = [
  { field: 'customer.email', kind: 'blanks', codes: ['REQUIRED'], values: ['', ' ', '    ', '\u00a0', '\u3000'] },
  {
    field: 'customer.email',
    kind: 'invisible characters only',
    codes: ['REQUIRED', 'INVALID_CHARACTERS'],
    values: ['\n', '\t', '\0', '\u200b', '\u202e', '\ufeff'],
  },
  {
    field: 'customer.email',
    kind: 'header injection',
    codes: ['INVALID_CHARACTERS'],
    values: [
      `${MARK}@example.com\r\nBcc: everybody@example.com`,
      `${MARK}@example.com\nBcc: everybody@example.com`,
      `${MARK}@example.com\rBcc: everybody@example.com`,
      `${MARK}@example.com%0ABcc:everybody@example.com`,
      `${MARK}@example.com\r\n\r\nDear customer`,
      `${MARK}\r\n@example.com`,
      `${MARK}@exa\r\n mple.com`,
      `\r\n${MARK}@example.com`,
      `${MARK}@example.com\n`,
      `\t${MARK}@example.com`,
      ...LINE_BREAKS.map(inEmail),
    ],
  },
  {
    field: 'customer.email',
    kind: 'more than one address, display names and comments',
    codes: ['INVALID_CHARACTERS'],
    values: [
      `${MARK}@example.com, other@example.com`,
      `${MARK}@example.com;other@example.com`,
      `${MARK}@example.com other@example.com`,
      `${MARK} <${MARK}@example.com>`,
      `<${MARK}@example.com>`,
      `${MARK}(comment)@example.com`,
      `mailto:${MARK}@example.com`,
      `friends:${MARK}@example.com;`,
      `${MARK}@example.com<script>alert(1)</script>`,
    ],
  },
  {
    field: 'customer.email',
    kind: 'quoted local parts and address literals',
    codes: ['INVALID_CHARACTERS'],
    values: [
      `"${MARK}"@example.com`,
      `"${MARK} tremblay"@example.com`,
      `"${MARK}@other"@example.com`,
      `"${MARK}\\" "@example.com`,
      `${MARK}\\@other@example.com`,
      `${MARK}@[127.0.0.1]`,
      `${MARK}@[IPv6:::1]`,
    ],
  },
  {
    field: 'customer.email',
    kind: 'spaces inside',
    codes: ['INVALID_CHARACTERS'],
    values: [
      inEmail(' '),
      inEmail('\u00a0'),
      inEmail('\u3000'),
      `${MARK} @example.com`,
      `${MARK}@ example.com`,
      `${MARK}@example. com`,
    ],
  },
  {
    field: 'customer.email',
    kind: 'characters beyond ASCII',
    codes: ['INVALID_CHARACTERS'],
    values: ['\u00e9', '\u0430', '\u212a', '\u017f', '\u{1f600}', '\u7530', '\uff41']
      .map(inEmail)
      .concat([
        `${MARK}\uff20example.com`,
        `${MARK}@example\u3002com`,
        `${MARK}@example\uff0ecom`,
        `${MARK}@example\uff61com`,
        `${MARK}@ex\u00e4mple.com`,
        `${MARK}@\u4f8b\u3048.jp`,
        `${MARK}@example.\u0441om`,
      ]),
  },
  {
    field: 'customer.email',
    kind: 'invisible characters',
    codes: ['INVALID_CHARACTERS'],
    values: [
      '\0',
      '\x1b',
      '\x7f',
      '\u202e',
      '\u2066',
      '\u200b',
      '\u200d',
      '\u00ad',
      '\u2800',
      '\u3164',
      '\u{e0041}',
      '\ud800',
    ]
      .map(inEmail)
      .concat([`\ufeff${MARK}@example.com`, `${MARK}@example.com\u200b`]),
  },
  {
    field: 'customer.email',
    kind: 'missing or repeated parts',
    codes: ['INVALID_EMAIL'],
    values: [MARK, `${MARK}@`, `@${MARK}.example`, '@', '@@', `${MARK}.example.com`, `${MARK}#example.com`].concat([
      `${MARK}@@example.com`,
      `${MARK}@other@example.com`,
      `${MARK}@example.com@`,
      `@${MARK}@example.com`,
      `https//${MARK}.example.com`,
    ]),
  },
  {
    field: 'customer.email',
    kind: 'local parts that mail systems reject',
    codes: ['INVALID_EMAIL'],
    values: [
      `.${MARK}@example.com`,
      `${MARK}.@example.com`,
      `${MARK}..tremblay@example.com`,
      `${MARK}${'a'.repeat(60)}@example.com`,
    ],
  },
  {
    field: 'customer.email',
    kind: 'domains that do not exist',
    codes: ['INVALID_EMAIL'],
    values: [
      'example',
      'localhost',
      '.example.com',
      'example.com.',
      'example..com',
      '-example.com',
      'example-.com',
      'exam_ple.com',
    ]
      .concat([
        'example.c',
        'example.123',
        '127.0.0.1',
        '2130706433',
        'example.com/path',
        'example.com?subject=x',
        'exa!mple.com',
      ])
      .concat([
        'example.com%0d%0aBcc',
        '*.com',
        '{{7*7}}.com',
        'example.com|id',
        "x'OR'1'='1",
        'example.com#x',
        `${'a'.repeat(64)}.com`,
      ])
      .map((domain) => `${MARK}@${domain}`),
  },
  {
    field: 'customer.email',
    kind: 'more than 254 characters',
    codes: ['TOO_LONG'],
    values: [
      `${MARK}@${'a23456789.'.repeat(25)}`.slice(0, 252) + 'com',
      `${MARK}@${'a.'.repeat(5_000)}com`,
      MARK.repeat(52),
    ],
  },
  {
    field: 'customer.email',
    kind: 'more than 254 characters, some of them invalid',
    codes: ['TOO_LONG', 'INVALID_CHARACTERS'],
    values: [
      `${MARK}@example.com\r\nBcc: ${'everybody@example.com, '.repeat(20)}`,
      `${'\u00e9'.repeat(250)}@${MARK}.example`,
      // Trimming this must not take long.
      `${MARK}${' '.repeat(90_000)}@example.com`,
    ],
  },
];
