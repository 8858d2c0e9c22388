import { JsonText, MARK, validatePayment } from './payment-calls.js';
import type { RawRequest } from './payment-calls.js';

/** Values of one field that break the same rules. `field` is the path below the payment. */
export interface BadValues {
  readonly field: string;
  readonly kind: string;
  readonly codes: readonly string[];
  readonly values: readonly unknown[];
}

const inName = (text: string): string => `${MARK}${text} Tremblay`;
const inEmail = (text: string): string => `${MARK}${text}x@example.com`;
const inId = (text: string): string => `${MARK}${text}1042`;
const inUrl = (text: string): string => `https://${MARK}.example/pay${text}`;

const CONTROLS = ['\0', '\x07', '\b', '\x1b[31m', '\x7f', '\x80', '\x9b'];
const LINE_BREAKS = ['\n', '\r', '\r\n', '\v', '\f', '\x85', '\u2028', '\u2029'];
// Marks, embeddings, overrides and isolates, each from left to right and from right to left.
const BIDI = [
  '\u200e',
  '\u200f',
  '\u061c',
  '\u202a',
  '\u202b',
  '\u202c',
  '\u202d',
  '\u202e',
  '\u2066',
  '\u2067',
  '\u2069',
];
const ZERO_WIDTH = ['\u200b', '\u200c', '\u200d', '\u2060', '\ufeff', '\u00ad', '\u034f', '\u180e'];
// Hangul fillers, Khmer inherent vowels, variation selectors, invisible operators, tags, annotations, Braille blank.
const INVISIBLE = ['\u115f', '\u1160', '\u3164', '\uffa0', '\u17b4', '\u180b', '\ufe0f', '\u2061', '\u206a'].concat([
  '\u{e0001}',
  '\u{e0041}',
  '\u{e0100}',
  '\ufff9',
  '\u{1d173}',
  '\u2800',
]);
const NO_CHARACTERS = ['\ud800', '\udc00', '\udc00\ud800', '\ue000', '\u{f0000}', '\uffff', '\ufdd0', '\u0378'];

const badNames: readonly BadValues[] = [
  {
    field: 'customer.name',
    kind: 'blanks',
    codes: ['REQUIRED'],
    values: ['', ' ', '     ', '\u00a0', '\u2003\u3000'],
  },
  {
    field: 'customer.name',
    kind: 'one word only',
    codes: ['REQUIRED'],
    values: [
      MARK,
      ` ${MARK} `,
      `${MARK}-Tremblay`,
      `O'${MARK}`,
      `${MARK}.`,
      `${MARK} -`,
      `${MARK} '`,
      `${MARK} & .`,
    ].concat([
      `${MARK} 1984`,
      `1984 ${MARK}`,
      `${MARK} \u0301`,
      `${MARK},Tremblay`,
      `${MARK}:Tremblay`,
      '\u7530\u4e2d\u592a\u90ce',
    ]),
  },
  {
    field: 'customer.name',
    kind: 'no letter',
    codes: ['REQUIRED'],
    values: [
      '7319513 7731951',
      '73195137',
      '\u0663\u0664 \u0665\u0666',
      '\uff11\uff12 \uff13\uff14',
      '- -',
      "' '",
      '. . .',
      '() ()',
    ],
  },
  {
    field: 'customer.name',
    kind: 'more than 80 characters',
    codes: ['TOO_LONG'],
    values: [
      `${MARK} ${'a'.repeat(75)}`,
      `  ${MARK} ${'a'.repeat(75)}  `,
      `${MARK}${' '.repeat(75)}a`,
      `${MARK} ${'\u7530'.repeat(75)}`,
      `${MARK} ${'\u{10428}'.repeat(75)}`,
      `${MARK} ${'e\u0301'.repeat(75)}`,
      // Composing makes two characters of each of these, and three of each of those.
      `${MARK} ${'\u0958'.repeat(38)}`,
      `${MARK} ${'\ufb2c'.repeat(25)}`,
      `${MARK} ${'a\u0327\u0323\u0308\u0301'.repeat(40)}`,
      `${MARK} ${'ab '.repeat(400)}`,
      `${MARK} ${'\u00e9'.repeat(20_000)}`,
    ],
  },
  {
    field: 'customer.name',
    kind: 'control characters',
    codes: ['INVALID_CHARACTERS'],
    values: [
      ...CONTROLS.map(inName),
      `\0${MARK} Tremblay`,
      `${MARK} Tremblay\0`,
      `\t${MARK} Tremblay`,
      `${MARK}\tTremblay`,
    ],
  },
  {
    field: 'customer.name',
    kind: 'line breaks',
    codes: ['INVALID_CHARACTERS'],
    values: [...LINE_BREAKS.map(inName), `\n${MARK} Tremblay`, `${MARK} Tremblay\n`, `${MARK}\r\nBcc: Tremblay`],
  },
  { field: 'customer.name', kind: 'bidi characters', codes: ['INVALID_CHARACTERS'], values: BIDI.map(inName) },
  {
    field: 'customer.name',
    kind: 'zero-width characters',
    codes: ['INVALID_CHARACTERS'],
    values: [...ZERO_WIDTH.map(inName), `\ufeff${MARK} Tremblay`, `${MARK} Tremblay\u200b`, `${MARK}\u200bTremblay`],
  },
  {
    field: 'customer.name',
    kind: 'characters that print blank',
    codes: ['INVALID_CHARACTERS'],
    values: INVISIBLE.map(inName),
  },
  {
    field: 'customer.name',
    kind: 'halves of pairs and unassigned characters',
    codes: ['INVALID_CHARACTERS'],
    values: [...NO_CHARACTERS.map(inName), `${MARK} Tremblay\ud83d`],
  },
  {
    field: 'customer.name',
    kind: 'emoji and symbols',
    codes: ['INVALID_CHARACTERS'],
    values: [
      '\u{1f600}',
      '\u2764\ufe0f',
      '\u{1f1e8}\u{1f1e6}',
      '1\ufe0f\u20e3',
      '\u{1f469}\u200d\u{1f4bb}',
      '\u2122',
      '\u20ac',
      '\u00bd',
    ]
      .concat(['$', '%', '#', '*', '=', '|', '^', '~', '_', '!', '?', ';', '@', '\\', '\u2014', '\ufffd', '\u2463'])
      .map(inName),
  },
  {
    field: 'customer.name',
    kind: 'markup and code',
    codes: ['INVALID_CHARACTERS'],
    values: [
      `<b>${MARK}</b> Tremblay`,
      `<script>alert('${MARK}')</script> Tremblay`,
      `${MARK} Tremblay http://www.${MARK}.example`,
      `${MARK} Tremblay c/o Roy`,
      `"${MARK}" Tremblay`,
      `\${${MARK}} Tremblay`,
      `{{${MARK}}} Tremblay`,
      `[${MARK}] Tremblay`,
      `${MARK}%0d%0a Tremblay`,
      `${MARK}'; DROP TABLE payers; --`,
      `${MARK}@example.com Tremblay`,
      `=cmd|'/C ${MARK}'!A0`,
      `\uff1cb\uff1e${MARK} Tremblay`,
    ],
  },
  {
    field: 'customer.name',
    kind: 'one word with characters that do not belong there',
    codes: ['REQUIRED', 'INVALID_CHARACTERS'],
    values: [
      '\u200b',
      '\0',
      '\n',
      '\u202e',
      '\ud800',
      '\u{1f600} \u{1f600}',
      '@@ ##',
      `${MARK}\n`,
      `<${MARK}>`,
      `${MARK}_Tremblay`,
    ].concat([`${MARK}@example.com`, `${MARK}\u2800Tremblay`, `${MARK}\u3164Tremblay`]),
  },
  {
    field: 'customer.name',
    kind: 'one long word',
    codes: ['REQUIRED', 'TOO_LONG'],
    values: [`${MARK}${'a'.repeat(76)}`, `${MARK}-${'\u00e9'.repeat(500)}`, '1'.repeat(81)],
  },
  {
    field: 'customer.name',
    kind: 'all at once',
    codes: ['REQUIRED', 'TOO_LONG', 'INVALID_CHARACTERS'],
    values: [`<${MARK}${'a'.repeat(80)}>`, '\u{1f600}'.repeat(81), '\u200b'.repeat(700)],
  },
];

const badEmails: readonly BadValues[] = [
  { field: 'customer.email', kind: 'blanks', codes: ['REQUIRED'], values: ['', ' ', '    ', '\u00a0', '\u3000'] },
  {
    field: 'customer.email',
    kind: 'blanks that are no spaces',
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
    kind: 'characters that nobody sees',
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
    kind: 'parts missing or twice',
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
    kind: 'local parts that mail systems refuse',
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
    kind: 'too long and more',
    codes: ['TOO_LONG', 'INVALID_CHARACTERS'],
    values: [
      `${MARK}@example.com\r\nBcc: ${'everybody@example.com, '.repeat(20)}`,
      `${'\u00e9'.repeat(250)}@${MARK}.example`,
      // Trimming must not take long over it.
      `${MARK}${' '.repeat(90_000)}@example.com`,
    ],
  },
];

const badIdValues: readonly Omit<BadValues, 'field'>[] = [
  { kind: 'nothing', codes: ['TOO_SHORT'], values: [''] },
  {
    kind: 'spaces',
    codes: ['INVALID_CHARACTERS'],
    values: [' ', inId(' '), ` ${MARK}`, `${MARK} `, inId('\u00a0'), inId('\u2009'), inId('\u3000'), inId('\t')],
  },
  { kind: 'line breaks', codes: ['INVALID_CHARACTERS'], values: [...LINE_BREAKS.map(inId), `${MARK}1042\n`] },
  {
    kind: 'characters that nobody sees',
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

const badIds: readonly BadValues[] = ['customer.userId', 'referenceId'].flatMap((field) =>
  badIdValues.map((group) => ({ field, ...group })),
);

const badAmounts: readonly BadValues[] = [
  { field: 'amount.value', kind: 'blanks', codes: ['INVALID_DECIMAL'], values: ['', ' ', '\u00a0', '\n', '\u200b'] },
  {
    field: 'amount.value',
    kind: 'words',
    codes: ['INVALID_DECIMAL'],
    values: [
      MARK,
      'NaN',
      'Infinity',
      '-Infinity',
      'null',
      'undefined',
      'true',
      'ten thousand',
      '\u4e00\u767e',
      '[object Object]',
    ],
  },
  {
    field: 'amount.value',
    kind: 'signs',
    codes: ['INVALID_DECIMAL'],
    values: [
      '-1',
      '-7319513.77',
      '+1',
      '+7319513.77',
      '--1',
      '10-',
      '(10)',
      '\u221210',
      '\u00b110',
      '-0',
      -1,
      -7319513,
      -9007199254740991,
    ],
  },
  {
    field: 'amount.value',
    kind: 'exponents and other bases',
    codes: ['INVALID_DECIMAL'],
    values: [
      '1e3',
      '1E3',
      '1e+3',
      '7319513e-2',
      '1e400',
      '0x10',
      '0X1F',
      '0b11',
      '0o17',
      '1f',
      '1n',
      '1d',
      '1L',
      '#10',
    ],
  },
  {
    field: 'amount.value',
    kind: 'separators',
    codes: ['INVALID_DECIMAL'],
    values: [
      '1_000',
      '1,000.00',
      '1.000,00',
      '1 000',
      '1\u00a0000',
      '1\u202f000,00',
      "1'000.00",
      '10,50',
      '1;5',
      '10:50',
      '1/2',
      '1,00,000',
    ],
  },
  {
    field: 'amount.value',
    kind: 'points in the wrong places and needless zeros',
    codes: ['INVALID_DECIMAL'],
    values: [
      '.5',
      '5.',
      '.',
      '..5',
      '1..2',
      '1.2.3',
      '007.00',
      '00',
      '00.50',
      '01',
      '0000000001',
      '1\u30025',
      '1\u00b75',
      '1\uff0e5',
    ],
  },
  {
    field: 'amount.value',
    kind: 'digits of other scripts',
    codes: ['INVALID_DECIMAL'],
    values: [
      ...[
        '\uff12\uff15\uff10',
        '\uff12\uff15\uff10.\uff10\uff10',
        '\u0662\u0665\u0660',
        '\u0662\u0665\u0660\u066b\u0660\u0660',
      ],
      ...[
        '\u06f2\u06f5\u06f0',
        '\u0968\u096b\u0966',
        '\u0e52\u0e55\u0e50',
        '\u{1d7d0}\u{1d7d3}',
        '25\u0660',
        '\u00b2',
        '\u00bd',
        '\u2167',
      ],
    ],
  },
  {
    field: 'amount.value',
    kind: 'currencies, formulas and markup',
    codes: ['INVALID_DECIMAL'],
    values: [
      '$10',
      '10$',
      '10 CAD',
      'CAD 10',
      '\u20ac10',
      '10%',
      '1+1',
      '=7319513+1',
      `<b>${MARK}</b>`,
      `{"$gt":"${MARK}"}`,
      `1;${MARK}`,
      '"1"',
    ],
  },
  {
    field: 'amount.value',
    kind: 'spaces and characters that nobody sees around',
    codes: ['INVALID_DECIMAL'],
    values: [
      ' 7319.51',
      '7319.51 ',
      '\n7319.51',
      '7319.51\n',
      '\t1',
      '1\0',
      '1\u200b',
      '\u202e1',
      '\ufeff1',
      '1\ud800',
      '7319.51\r\nX: y',
    ],
  },
  {
    field: 'amount.value',
    kind: 'JSON numbers that are not exact',
    codes: ['INVALID_DECIMAL'],
    values: [250.1, 0.1, 7319.513, 1e-7, -0.5, 73195137731.5, 9007199254740992, 1e21].concat(1.005),
  },
  {
    field: 'amount.value',
    kind: 'JSON numbers that are too much for a float',
    codes: ['INVALID_DECIMAL'],
    values: [
      new JsonText('1e400'),
      new JsonText('-1e400'),
      new JsonText('73195137731951373.5'),
      new JsonText('1E+308'),
    ],
  },
  {
    field: 'amount.value',
    kind: 'nothing to pay',
    codes: ['TOO_SMALL'],
    values: ['0', '0.0', '0.00', 0, new JsonText('-0'), new JsonText('0.0'), new JsonText('0e9')],
  },
  {
    field: 'amount.value',
    kind: 'parts of a cent',
    codes: ['TOO_MANY_DECIMALS'],
    values: [
      '0.001',
      '0.009',
      '1.234',
      '250.100',
      '7319.5137',
      '9999.999',
      '10000.000',
      `1.${'0'.repeat(40)}1`,
      `1.${'3'.repeat(5_000)}`,
    ],
  },
  {
    field: 'amount.value',
    kind: 'nothing, down to parts of a cent',
    codes: ['TOO_MANY_DECIMALS', 'TOO_SMALL'],
    values: ['0.000', '0.0000000000', `0.${'0'.repeat(3_000)}`],
  },
  {
    field: 'amount.value',
    kind: 'more than the maximum',
    codes: ['TOO_LARGE'],
    values: [
      '10000.01',
      '10001',
      '10000.1',
      '7319513.77',
      '9007199254740993',
      '99999999999999999999',
      '9'.repeat(5_000),
      10001,
      7319513773,
    ]
      .concat(['18446744073709551616.00', '90071992547409.91', '1' + '0'.repeat(308)])
      .concat(9007199254740991),
  },
  {
    field: 'amount.value',
    kind: 'more than the maximum, down to parts of a cent',
    codes: ['TOO_MANY_DECIMALS', 'TOO_LARGE'],
    values: ['10000.001', '10000.0000000001', '7319513.777', '99999999999999999999.999'],
  },
];

const badUrls: readonly BadValues[] = [
  {
    field: 'clientUrls.0',
    kind: 'other schemes',
    codes: ['INVALID_URL'],
    values: [
      `javascript:alert('${MARK}')`,
      `JavaScript://${MARK}.example/%0aalert(1)`,
      `data:text/html,${MARK}`,
      `ftp://${MARK}.example/pay`,
      `file:///etc/${MARK}`,
      `ws://${MARK}.example`,
      `wss://${MARK}.example`,
      `blob:https://${MARK}.example/1`,
      `view-source:https://${MARK}.example`,
      `mailto:${MARK}@example.com`,
      `intent://${MARK}.example`,
      `about:${MARK}`,
      `httpss://${MARK}.example`,
      `htp://${MARK}.example`,
      `x-https://${MARK}.example`,
    ],
  },
  {
    field: 'clientUrls.0',
    kind: 'relative and incomplete ones',
    codes: ['INVALID_URL'],
    values: [
      '',
      MARK,
      `//${MARK}.example/pay`,
      `/${MARK}`,
      `./${MARK}`,
      `?${MARK}`,
      `${MARK}.example/pay`,
      `www.${MARK}.example`,
    ].concat([
      'https',
      'https:',
      'https://',
      `https//${MARK}.example`,
      `https:${MARK}.example`,
      `https:/${MARK}.example`,
      `https:///${MARK}.example`,
      `https://?${MARK}`,
      `://${MARK}.example`,
    ]),
  },
  {
    field: 'clientUrls.0',
    kind: 'credentials',
    codes: ['INVALID_URL'],
    values: [
      `https://user@${MARK}.example`,
      `https://user:secret@${MARK}.example/pay`,
      `https://:secret@${MARK}.example`,
      `https://@${MARK}.example`,
      `https://:@${MARK}.example`,
      `https://shop.example@${MARK}.example`,
      `https://shop.example:443@${MARK}.example`,
      `https://user%40x@${MARK}.example`,
      `http://user@localhost/${MARK}`,
    ],
  },
  {
    field: 'clientUrls.0',
    kind: 'fragments',
    codes: ['INVALID_URL'],
    values: [
      inUrl('#paid'),
      inUrl('#'),
      inUrl('/#/route'),
      inUrl('?a=1#b'),
      inUrl('?#'),
      `https://${MARK}.example#@other.example`,
      '#',
    ],
  },
  {
    field: 'clientUrls.0',
    kind: 'hosts and ports that cannot be',
    codes: ['INVALID_URL'],
    values: [
      ':99999',
      ':port',
      ':-1',
      ':443:443',
      '..example',
      '%00',
      '%20x.example',
      ';x.example',
      ',other.example',
      '.*',
    ]
      .map((end) => `https://${MARK}${end}/pay`)
      .concat([
        `https://*.${MARK}.example`,
        'https://*/pay-here',
        'https://./pay-here',
        `https://[::1/${MARK}`,
        `https://[${MARK}]/`,
      ])
      .concat([`https://999.1.2.3/${MARK}`, `https://1.2.3.4.5/${MARK}`, `https://%/${MARK}`, `https://-.-;/${MARK}`]),
  },
  {
    field: 'clientUrls.0',
    kind: 'plain http beyond this machine',
    codes: ['URL_NOT_ALLOWED'],
    values: [
      `${MARK}.example`,
      `localhost.${MARK}.example`,
      `127.0.0.1.${MARK}.example`,
      `127.${MARK}.example`,
      `${MARK}-localhost`,
    ]
      .concat([
        `localhost-${MARK}`,
        `1localhost/${MARK}`,
        `127-0-0-1.${MARK}.example`,
        `10.0.0.1/${MARK}`,
        `172.16.0.1/${MARK}`,
      ])
      .concat([
        `192.168.0.1/${MARK}`,
        `169.254.169.254/${MARK}`,
        `0.0.0.0/${MARK}`,
        `128.0.0.1/${MARK}`,
        `3232235521/${MARK}`,
      ])
      .concat([`0xc0a80001/${MARK}`, `[::]/${MARK}`, `[::2]/${MARK}`, `[fe80::1]/${MARK}`, `[::ffff:10.0.0.1]/${MARK}`])
      .map((rest) => `http://${rest}`)
      .concat([
        `HTTP://${MARK}.EXAMPLE/pay`,
        `hTtP://${MARK}.example:443`,
        `http://${MARK}.example/?to=https://localhost`,
      ]),
  },
  {
    field: 'clientUrls.0',
    kind: 'backslashes, spaces, tabs and line breaks',
    codes: ['INVALID_CHARACTERS'],
    values: [
      ...[' ', '\t', '\n', '\r\n', '\\', '\0', '\x7f'].map(inUrl),
      ` https://${MARK}.example`,
      `\thttps://${MARK}.example`,
      `ht\ntps://${MARK}.example`,
      `java\nscript:alert('${MARK}')`,
      `https:\\\\${MARK}.example`,
      `https://${MARK}.example\\@other.example`,
      `https://${MARK}.example /pay`,
    ],
  },
  {
    field: 'clientUrls.0',
    kind: 'characters to percent-encode',
    codes: ['INVALID_CHARACTERS'],
    values: [
      '"onload="',
      '<script>',
      '{id}',
      '|',
      '^',
      '`',
      '?q=\u00e9',
      '\u00e9',
      '\u202e',
      '\u200b',
      '\ud800',
      '\u{1f600}',
      '\u2028',
    ]
      .map(inUrl)
      .concat([
        `https://${MARK}.ex\u00e4mple`,
        `https://${MARK}\u3002example`,
        `https://\u4f8b\u3048.${MARK}.example`,
        `https://ex\u0430mple.${MARK}.example`,
        `\uff48ttps://${MARK}.example`,
        `https\uff1a//${MARK}.example`,
      ]),
  },
  {
    field: 'clientUrls.0',
    kind: 'plain http with credentials, a fragment or no host',
    codes: ['INVALID_URL', 'URL_NOT_ALLOWED'],
    values: [
      `user@${MARK}.example`,
      `:@${MARK}.example`,
      `${MARK}.example#`,
      `${MARK}.example#x`,
      `localhost@${MARK}.example`,
      `/${MARK}.example`,
    ]
      .map((rest) => `http://${rest}`)
      .concat([`http:${MARK}.example`, `http:/${MARK}.example`]),
  },
  {
    field: 'clientUrls.0',
    kind: 'plain http with characters to percent-encode',
    codes: ['INVALID_CHARACTERS', 'URL_NOT_ALLOWED'],
    values: [
      `http://${MARK}.example/a b`,
      `http:\\\\${MARK}.example`,
      `http://${MARK}.example/\u202e`,
      `http://localhost\t.${MARK}.example`,
    ],
  },
  {
    field: 'clientUrls.0',
    kind: 'more than 2,048 characters',
    codes: ['TOO_LONG'],
    values: [inUrl('/'.repeat(2_048)), inUrl('?' + 'a=1&'.repeat(10_000)), inUrl('%20'.repeat(700))],
  },
];

/** Values that break the rules of one field each. */
export const badValues: readonly BadValues[] = [...badNames, ...badEmails, ...badIds, ...badAmounts, ...badUrls];

const inKey = (text: string): string => `${MARK}${text}first payment`;

/** Values that break the rules of the field that only the mutations have. */
export const badKeys: readonly BadValues[] = [
  { kind: 'nothing', codes: ['TOO_SHORT'], values: [''] },
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
    kind: 'characters that nobody sees',
    codes: ['INVALID_CHARACTERS'],
    values: [...BIDI, ...ZERO_WIDTH, ...INVISIBLE].map(inKey).concat([`\ufeff${MARK}`, `${MARK}\u200b`]),
  },
  {
    kind: 'halves of pairs and unassigned characters',
    codes: ['INVALID_CHARACTERS'],
    values: [...NO_CHARACTERS.map(inKey), `${MARK}\ud83d`],
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

/** A payment with several changes, and all that is wrong with it. */
export interface BadPayment {
  readonly what: string;
  readonly changes: Readonly<Record<string, unknown>>;
  /** Each `path code`. */
  readonly issues: readonly string[];
}

const numbered = (count: number): string[] => Array.from({ length: count }, (_, index) => `${inUrl('/')}${index}`);
const host = `${MARK}.example`;

export const badPayments: readonly BadPayment[] = [
  { what: 'eleven URLs', changes: { clientUrls: numbered(11) }, issues: ['clientUrls TOO_MANY'] },
  { what: 'a hundred URLs', changes: { clientUrls: numbered(100) }, issues: ['clientUrls TOO_MANY'] },
  { what: 'a URL twice', changes: { clientUrls: [inUrl(''), inUrl('')] }, issues: ['clientUrls.1 DUPLICATE'] },
  {
    what: 'a URL three times',
    changes: { clientUrls: [inUrl(''), inUrl('/2'), inUrl(''), inUrl('')] },
    issues: ['clientUrls.2 DUPLICATE', 'clientUrls.3 DUPLICATE'],
  },
  {
    what: 'a host in two cases',
    changes: { clientUrls: [`https://${host}/`, `https://${host.toUpperCase()}/`] },
    issues: ['clientUrls.1 DUPLICATE'],
  },
  {
    what: 'a scheme in two cases',
    changes: { clientUrls: [`https://${host}/`, `HTTPS://${host}/`] },
    issues: ['clientUrls.1 DUPLICATE'],
  },
  {
    what: 'a port that is the default',
    changes: { clientUrls: [`https://${host}/pay`, `https://${host}:443/pay`] },
    issues: ['clientUrls.1 DUPLICATE'],
  },
  {
    what: 'a bare host with a slash and without',
    changes: { clientUrls: [`https://${host}/`, `https://${host}`] },
    issues: ['clientUrls.1 DUPLICATE'],
  },
  {
    what: 'a path with dot segments',
    changes: { clientUrls: [inUrl(''), `https://${host}/a/../pay`, `https://${host}/./pay`] },
    issues: ['clientUrls.1 DUPLICATE', 'clientUrls.2 DUPLICATE'],
  },
  {
    what: 'loopback written in two ways',
    changes: { clientUrls: [`http://127.0.0.1/${MARK}`, `http://2130706433/${MARK}`] },
    issues: ['clientUrls.1 DUPLICATE'],
  },
  {
    what: 'a bad URL twice',
    changes: { clientUrls: [`ftp://${host}`, `ftp://${host}`] },
    issues: ['clientUrls.0 INVALID_URL', 'clientUrls.1 INVALID_URL', 'clientUrls.1 DUPLICATE'],
  },
  {
    what: 'bad URLs among good ones',
    changes: { clientUrls: [inUrl('/1'), `http://${host}`, inUrl('/2'), inUrl('/ 3'), `//${host}`, inUrl('/1')] },
    issues: [
      'clientUrls.1 URL_NOT_ALLOWED',
      'clientUrls.3 INVALID_CHARACTERS',
      'clientUrls.4 INVALID_URL',
      'clientUrls.5 DUPLICATE',
    ],
  },
  {
    what: 'eleven URLs, one of them bad and one twice',
    changes: { clientUrls: [...numbered(9), `http://${host}`, inUrl('/0')] },
    issues: ['clientUrls TOO_MANY', 'clientUrls.9 URL_NOT_ALLOWED', 'clientUrls.10 DUPLICATE'],
  },
  {
    what: 'a form that was sent empty',
    changes: {
      'customer.userId': '',
      'customer.name': '',
      'customer.email': '',
      'amount.value': '',
      referenceId: '',
      clientUrls: [''],
    },
    issues: [
      'customer.userId TOO_SHORT',
      'customer.name REQUIRED',
      'customer.email REQUIRED',
      'amount.value INVALID_DECIMAL',
      'referenceId TOO_SHORT',
      'clientUrls.0 INVALID_URL',
    ],
  },
  {
    what: 'a customer with a bad name and a bad e-mail',
    changes: { 'customer.name': MARK, 'customer.email': `${MARK}@` },
    issues: ['customer.name REQUIRED', 'customer.email INVALID_EMAIL'],
  },
  {
    what: 'fields in each other’s place',
    changes: {
      'customer.name': `${MARK}@example.com`,
      'customer.email': `${MARK} Tremblay`,
      'customer.userId': `${MARK} 1`,
    },
    issues: [
      'customer.name REQUIRED',
      'customer.name INVALID_CHARACTERS',
      'customer.email INVALID_CHARACTERS',
      'customer.userId INVALID_CHARACTERS',
    ],
  },
  {
    what: 'line breaks everywhere',
    changes: {
      'customer.userId': `${MARK}\n1`,
      'customer.name': `${MARK}\nTremblay`,
      'customer.email': `${MARK}@example.com\n`,
      'amount.value': '1\n',
      referenceId: `${MARK}\n2`,
      clientUrls: [inUrl('\n')],
    },
    issues: [
      'customer.userId INVALID_CHARACTERS',
      'customer.name INVALID_CHARACTERS',
      'customer.email INVALID_CHARACTERS',
      'amount.value INVALID_DECIMAL',
      'referenceId INVALID_CHARACTERS',
      'clientUrls.0 INVALID_CHARACTERS',
    ],
  },
  {
    what: 'everything too long',
    changes: {
      'customer.userId': MARK.repeat(20),
      'customer.name': `${MARK} `.repeat(20),
      'customer.email': `${MARK.repeat(60)}@example.com`,
      'amount.value': '10000.001',
      referenceId: MARK.repeat(20),
      clientUrls: [inUrl(MARK.repeat(500)), ...numbered(10)],
    },
    issues: [
      'customer.userId TOO_LONG',
      'customer.name TOO_LONG',
      'customer.email TOO_LONG',
      'amount.value TOO_MANY_DECIMALS',
      'amount.value TOO_LARGE',
      'referenceId TOO_LONG',
      'clientUrls TOO_MANY',
      'clientUrls.0 TOO_LONG',
    ],
  },
];

/** Payments that break rules with their key as well. */
export const badInputs: readonly BadPayment[] = [
  {
    what: 'a form that was sent empty, key included',
    changes: { idempotencyKey: '', 'customer.userId': '', 'customer.name': '', 'amount.value': '', referenceId: '' },
    issues: [
      'idempotencyKey TOO_SHORT',
      'customer.userId TOO_SHORT',
      'customer.name REQUIRED',
      'amount.value INVALID_DECIMAL',
      'referenceId TOO_SHORT',
    ],
  },
  {
    what: 'the same bad text as key, id and reference',
    changes: {
      idempotencyKey: `${MARK}\n${'1'.repeat(255)}`,
      'customer.userId': `${MARK}\n${'1'.repeat(255)}`,
      referenceId: `${MARK}\n${'1'.repeat(255)}`,
    },
    issues: ['idempotencyKey', 'customer.userId', 'referenceId'].flatMap((field) => [
      `${field} TOO_LONG`,
      `${field} INVALID_CHARACTERS`,
    ]),
  },
  {
    what: 'a good key with a bad amount',
    changes: { idempotencyKey: `${MARK} first payment`, 'amount.value': '-7319513.77' },
    issues: ['amount.value INVALID_DECIMAL'],
  },
];

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
    field: `amount.${MARK}" is not defined by type "MoneyInput"`,
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
  { field: 'customer.userId', literals: ['7319513.773', 'true', `["${MARK}"]`, `{id: "${MARK}"}`, MARK] },
  { field: 'referenceId', literals: ['7319513.773', 'true', `{id: "${MARK}"}`, MARK] },
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
  { field: 'idempotencyKey', literals: ['7319513.773', 'true', `["${MARK}"]`, '[]', `{key: "${MARK}"}`, '{}', MARK] },
];

/** Amounts as literals that have the right type and break the rules. */
export const badAmountLiterals: readonly { readonly literal: string; readonly codes: readonly string[] }[] = [
  { literal: '-7319513.77', codes: ['INVALID_DECIMAL'] },
  { literal: '-0', codes: ['INVALID_DECIMAL'] },
  { literal: '1e3', codes: ['INVALID_DECIMAL'] },
  { literal: '7319513E-2', codes: ['INVALID_DECIMAL'] },
  { literal: '0', codes: ['TOO_SMALL'] },
  { literal: '0.000', codes: ['TOO_MANY_DECIMALS', 'TOO_SMALL'] },
  { literal: '7319.5137', codes: ['TOO_MANY_DECIMALS'] },
  { literal: '10000.01', codes: ['TOO_LARGE'] },
  { literal: '731951377319513773195137', codes: ['TOO_LARGE'] },
  { literal: `"""${MARK}"""`, codes: ['INVALID_DECIMAL'] },
];

/** A request that is refused before anything of a payment is looked at. */
export interface BadRequest extends RawRequest {
  readonly what: string;
  /** Absent where any refusal will do. */
  readonly status?: number;
  readonly code?: string;
}

const JSON_TYPE = { 'content-type': 'application/json' };
const NO_PREFLIGHT = { 'apollo-require-preflight': 'yes' };
const mutationText = `mutation { createPaymentSession(input: {customer: {name: "${MARK}"}}) { __typename } }`;
const marked = (request: object): string => JSON.stringify({ variables: { [MARK]: MARK }, ...request });

const refusedDocuments: readonly BadRequest[] = [
  ...[
    MARK,
    `{"${MARK}`,
    `{ "${MARK}" }`,
    `{ validatePayment(customer: {name: "${MARK}`,
    `{ validatePayment(customer: {name: """${MARK}`,
    `{ validatePayment(customer: {name: "${MARK}\n"}) { path } }`,
    `{ validatePayment(customer: {name: "${MARK}\\q"}) { path } }`,
    `{ validatePayment(customer: {name: "\\u{110000}${MARK}"}) { path } }`,
    `{ validatePayment(amount: {value: 0${MARK}}) { path } }`,
    `{ validatePayment(amount: {value: 007319513}) { path } }`,
    `{ validatePayment(amount: {value: 7319513.}) { path } }`,
    `{ validatePayment(amount: {value: .7319513}) { path } }`,
    `mutation { createPaymentSession(input: $${MARK} }`,
    `query ${MARK}`,
    `{ __typename } \0${MARK}`,
    `\ufeff{ __typename } } ${MARK}`,
    `'${MARK}'`,
    `{ __typename @${MARK}( }`,
    '{'.repeat(20_000),
  ].map((query) => ({
    what: 'a syntax error',
    body: marked({ query }),
    status: 400,
    code: 'GRAPHQL_PARSE_FAILED',
  })),
  ...[
    `query ($name: Int = "${MARK}") { __typename }`,
    `{ __typename @include(if: "${MARK}") }`,
    `{ __typename @skip(if: 7319513773) }`,
    `{ noSuchField(name: "${MARK}") }`,
    `mutation { createPaymentSession(payment: "${MARK}") { __typename } }`,
    `mutation { createPaymentSession(input: $input) { __typename } }`,
    `{ validatePayment(customer: {name: "${MARK}", name: "${MARK}"}, amount: {value: 1}) { path } }`,
    `query ($customer: String!) { validatePayment(customer: $customer, amount: {value: 1}) { path } }`,
    `query ($customer: NoSuchInput = "${MARK}") { __typename }`,
    `{ __type(name: 7319513773) { name } }`,
    `{ __type(name: ["${MARK}"]) { name } }`,
  ].map((query) => ({
    what: 'a document that does not fit the schema',
    body: marked({ query }),
    status: 400,
    code: 'GRAPHQL_VALIDATION_FAILED',
  })),
];

const refusedOperations: readonly BadRequest[] = [
  {
    what: 'an unknown operation name',
    body: marked({ query: validatePayment.query, operationName: MARK }),
    status: 400,
    code: 'OPERATION_RESOLUTION_FAILURE',
  },
  {
    what: 'several operations and no name',
    body: marked({ query: 'query a { __typename } query b { __typename }' }),
    status: 400,
    code: 'OPERATION_RESOLUTION_FAILURE',
  },
  {
    what: 'a subscription',
    body: marked({ query: `subscription { changed(id: "${MARK}") }` }),
  },
  {
    what: 'variables of other names only',
    body: marked({ query: validatePayment.query }),
    status: 400,
    code: 'BAD_USER_INPUT',
  },
  {
    what: 'a list with more misfits than are counted',
    body: marked({ query: validatePayment.query, variables: { clientUrls: Array<number>(200).fill(7319513773) } }),
    status: 400,
    code: 'BAD_USER_INPUT',
  },
];

const refusedBodies: readonly BadRequest[] = [
  ...[
    '',
    MARK,
    `"${MARK}`,
    `{"${MARK}`,
    `{"query": ${MARK}}`,
    `{'query': '${MARK}'}`,
    `{"query": "${MARK}",}`,
    `{"query": "${MARK}"} ${MARK}`,
    `{"query": "${MARK}\n"}`,
    `{"query": "{ __typename }", "variables": {"${MARK}": NaN}}`,
    `{"query": "{ __typename }", "variables": {"${MARK}": 007}}`,
    `{"query": "{ __typename }", "variables": {"__proto__": {"${MARK}": 1}}}`,
    `{"query": "{ __typename }", "variables": {"constructor": {"prototype": "${MARK}"}}}`,
    `query=${MARK}`,
    `<query>${MARK}</query>`,
  ].map((body) => ({ what: 'a body that is no JSON, or not to be trusted', body })),
  ...[`"${MARK}"`, '7319513773', 'null', 'true', '{}', '[]'].map((body) => ({
    what: 'a body that is no object',
    body,
  })),
  { what: 'a batch', body: `[${marked({ query: '{ __typename }' })}]` },
  ...[7319513773, null, '', [MARK], { [MARK]: MARK }].map((query) => ({
    what: 'no text as query',
    body: marked({ query }),
  })),
  ...[7319513773, MARK, [MARK], true, JSON.stringify({ customer: MARK })].map((variables) => ({
    what: 'no object as variables',
    body: JSON.stringify({ query: '{ __typename }', variables }),
  })),
  ...[7319513773, [MARK], { [MARK]: MARK }].map((operationName) => ({
    what: 'no text as operationName',
    body: marked({ query: '{ __typename }', operationName }),
  })),
  ...[MARK, [MARK], 7319513773].map((extensions) => ({
    what: 'no object as extensions',
    body: marked({ query: '{ __typename }', extensions }),
  })),
].map((request) => ({ ...request, headers: JSON_TYPE, status: 400, code: 'BAD_REQUEST' }));

const refusedPersistedQueries: readonly BadRequest[] = [
  MARK,
  [MARK],
  { version: 2, sha256Hash: MARK },
  { version: 1, sha256Hash: MARK },
  { version: 1, sha256Hash: { [MARK]: MARK } },
].map((persistedQuery) => ({
  what: 'a persisted query',
  body: marked({ query: '{ __typename }', extensions: { persistedQuery } }),
}));

const refusedByHttp: readonly BadRequest[] = [
  ...[
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/xml',
    'application/graphql',
    MARK,
  ].map((type) => ({
    what: `the content type ${type}`,
    headers: { 'content-type': type },
    body: marked({ query: mutationText }),
    status: 415,
    code: 'BAD_REQUEST',
  })),
  {
    what: 'plain text, as a form on another site sends it',
    headers: { 'content-type': 'text/plain' },
    body: marked({ query: mutationText }),
    status: 400,
    code: 'BAD_REQUEST',
  },
  {
    what: 'a body of more than 100 kB',
    body: marked({ query: validatePayment.query, variables: { customer: MARK.repeat(20_001) } }),
    status: 413,
    code: 'BAD_REQUEST',
  },
  {
    what: 'a mutation by GET',
    method: 'GET',
    path: `/graphql?query=${encodeURIComponent(`mutation { sendPaymentRequest(input: {idempotencyKey: "${MARK}", customer: {userId: "${MARK}", name: "${MARK} Tremblay", email: "${MARK}@example.com"}, amount: {value: 1}}) { __typename } }`)}`,
    headers: NO_PREFLIGHT,
    status: 405,
    code: 'BAD_REQUEST',
  },
  {
    what: 'a query by GET from another site',
    method: 'GET',
    path: `/graphql?query=${encodeURIComponent('{ __typename }')}&variables=${encodeURIComponent(`{"a":"${MARK}"}`)}`,
    headers: {},
    status: 400,
    code: 'BAD_REQUEST',
  },
  {
    what: 'variables that are no JSON, by GET',
    method: 'GET',
    path: `/graphql?query=${encodeURIComponent('{ __typename }')}&variables=${MARK}`,
    headers: NO_PREFLIGHT,
    status: 400,
    code: 'BAD_REQUEST',
  },
  {
    what: 'a parameter twice, by GET',
    method: 'GET',
    path: `/graphql?query=${encodeURIComponent('{ __typename }')}&query=${MARK}`,
    headers: NO_PREFLIGHT,
    status: 400,
    code: 'BAD_REQUEST',
  },
  { what: 'a path that is not there', path: `/${MARK}`, body: marked({}), status: 404, code: 'NOT_FOUND' },
  { what: 'a method that is not there', method: 'PUT', body: marked({}), status: 404, code: 'NOT_FOUND' },
  {
    what: 'a path that cannot be decoded',
    path: `/graphql%${MARK}?name=${MARK}`,
    body: marked({}),
    status: 400,
    code: 'BAD_REQUEST',
  },
];

export const badRequests: readonly BadRequest[] = [
  ...refusedDocuments,
  ...refusedOperations,
  ...refusedBodies,
  ...refusedPersistedQueries,
  ...refusedByHttp,
];
