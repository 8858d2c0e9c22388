import { MARK } from '../payment-calls.js';
import { inUrl } from './characters.js';
import type { BadValues } from './values.js';

/** Values of `clientUrls` that break the rules. */
export const badUrls: readonly BadValues[] = [
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
    kind: 'relative and incomplete URLs',
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
    kind: 'impossible hosts and ports',
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
