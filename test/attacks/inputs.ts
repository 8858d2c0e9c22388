import { newInput } from '../support/payments.js';
import { each } from './attack.js';
import type { Attack } from './attack.js';
import { LIST, creationWith } from './requests.js';

const RULES = 'src/schema/payment/payment.input.ts';
const URLS = 'src/domain/client-url-rules.ts, CLIENT_URL_ORIGINS';

/** A payment with something else in its input. */
function input<T>(
  name: string,
  tries: string,
  answer: string,
  values: readonly T[],
  change: (value: T) => Record<string, unknown>,
  stoppedBy = RULES,
): Attack {
  return {
    name,
    tries,
    stage: 'input',
    stoppedBy,
    answer: `200 InvalidPaymentInputError ${answer}`,
    attack: (world) => each(values, (value) => world.ask(creationWith(change(value)))),
  };
}

const clientUrls = (name: string, tries: string, answer: string, urls: readonly string[]): Attack =>
  input(name, tries, answer, urls, (url) => ({ clientUrls: [url] }), URLS);

const customer = (change: Record<string, unknown>): Record<string, unknown> => ({
  customer: { ...newInput().customer, ...change },
});

const amount = (value: unknown): Record<string, unknown> => ({ amount: { value, currency: 'CAD' } });

/** Text that a program takes apart, cuts off or shows as something else. */
const TRICKS = [
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

export const inputAttacks: readonly Attack[] = [
  clientUrls('embeds elsewhere', 'clientUrls of origins that are not on the list', 'URL_NOT_ALLOWED', [
    'https://evil.example/',
    'https://shop.example.evil.example/',
    'https://evilshop.example/',
    'https://shop.example:8443/',
    'https://sub.shop.example/',
    'https://shop.example./',
    'https://evil.example/https://shop.example/',
    'https://evil.example/?shop.example',
  ]),
  clientUrls('embeds without encryption', 'http in place of https', 'URL_NOT_ALLOWED', [
    'http://shop.example/',
    'http://127.0.0.1/',
    'http://10.0.0.1/',
    'HTTP://shop.example/',
  ]),
  clientUrls(
    'embeds in homoglyphs',
    'hosts that look like one of the list',
    'URL_NOT_ALLOWED INVALID_CHARACTERS | 200 InvalidPaymentInputError INVALID_CHARACTERS',
    [
      'https://sh\u043ep.example/',
      'https://shop\u3002example/',
      'https://\uff53hop.example/',
      'https://shop.example\u2044.evil.example/',
      'https://shop\u00ad.example/',
    ],
  ),
  clientUrls(
    'embeds by tricks of parsers',
    'backslashes, tabs, line breaks, NUL',
    'INVALID_CHARACTERS | 200 InvalidPaymentInputError URL_NOT_ALLOWED INVALID_CHARACTERS',
    [
      'https:\\\\evil.example\\',
      'https://evil.example\\@shop.example/',
      'https://shop.example\t.evil.example/',
      'https://shop.example\r\n/',
      'https://shop.example/\0',
      ' https://shop.example/',
      'https://shop.example/|',
    ],
  ),
  clientUrls(
    'embeds with credentials or wildcards',
    'user info, fragments, stars, relative and other schemes',
    'INVALID_URL',
    [
      'https://shop.example@evil.example/',
      'https://a:b@shop.example/',
      'https://shop.example/#x',
      'https://*.example/',
      'https://*/',
      '//shop.example/',
      'javascript:alert(1)',
      'data:text/html,x',
      'file:///etc/passwd',
      'https:shop.example',
      'https:///shop.example',
      "'self'",
      'https://shop.example;script-src/'.replace('.example;', '.ex;'),
    ],
  ),
  clientUrls('embeds at an address by number', 'IPv4 as decimal, hex and octal, IPv6', 'URL_NOT_ALLOWED', [
    'https://2130706433/',
    'https://0x7f.1/',
    'https://0177.0.0.1/',
    'https://[::1]/',
    'https://[::ffff:127.0.0.1]/',
    'https://127.1/',
    'https://169.254.169.254/',
  ]),
  input(
    'asks for an amount that is no amount',
    'exponents, signs, hex, separators, NaN, spaces, other digits',
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
    'asks for far too much',
    'amounts beyond all numbers',
    'TOO_LARGE',
    ['10000.01', '9'.repeat(400), '9007199254740993', '1' + '0'.repeat(5_000)],
    amount,
  ),
  input('asks for nothing', 'zero in its spellings', 'TOO_SMALL', ['0', '0.00', '0.0'], amount),
  input(
    'asks for parts of a cent',
    'more decimals than there are',
    'TOO_MANY_DECIMALS',
    ['1.001', '1.000', `1.${'0'.repeat(2_000)}1`],
    amount,
  ),
  input('sends a fraction as a JSON number', '0.1 + 0.2', 'INVALID_DECIMAL', [0.1 + 0.2, 1e-7, -0.5], amount),
  {
    ...input('sends numbers beyond all bounds', '1e400, -0 and whole numbers that are not exact', '', [], () => ({})),
    answer: '200 InvalidPaymentInputError TOO_SMALL | 200 InvalidPaymentInputError INVALID_DECIMAL',
    attack: (world) => {
      const json = JSON.stringify(creationWith(amount('AMOUNT')));
      return each(['-0', '-5', '1e400', '1e30', '9007199254740993', '12345678901234567890'], (number) =>
        world.ask(json.replace('"AMOUNT"', number)),
      );
    },
  },
  input(
    'hides in an idempotency key',
    'NUL, RTL, zero width, homoglyphs, lone surrogates, line breaks',
    'INVALID_CHARACTERS',
    [...TRICKS, 'k\u00e9y', 'ke\u0301y', 'k\u0435y', 'key\n', '\ud800'],
    (idempotencyKey) => ({ idempotencyKey }),
  ),
  input(
    'hides in a user id or reference',
    'NUL, RTL, zero width, lone surrogates, line breaks',
    'INVALID_CHARACTERS',
    TRICKS,
    (text) => ({ ...customer({ userId: text }), referenceId: text }),
  ),
  input(
    'hides in an address of mail',
    'line breaks, a second recipient, comments, quotes',
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
    'hides in a name',
    'markup, line breaks, controls',
    'INVALID_CHARACTERS',
    ['Alex <script>', 'Alex\r\nTremblay', 'Alex\0 T', 'Alex {{7*7}} T', 'Alex \u202eyalbmerT', 'Alex $(id) T'],
    (name) => customer({ name }),
  ),
  input(
    'sends keys and lists without end',
    'a key of 256 characters and more',
    'TOO_LONG',
    ['k'.repeat(256), 'k'.repeat(50_000)],
    (idempotencyKey) => ({ idempotencyKey }),
  ),
  {
    ...input(
      'pollutes prototypes in variables',
      '__proto__, constructor and prototype as fields of the input',
      '',
      [],
      () => ({}),
    ),
    stoppedBy: 'graphql-js: input fields of the schema only',
    answer: '200 BAD_USER_INPUT',
    attack: (world) => {
      const json = JSON.stringify(creationWith({ xx: { allowDuplicate: true, isAdmin: true } }));
      return each(['constructor', 'prototype', 'toString', '__defineGetter__'], (name) =>
        world.ask(json.replace('"xx"', `"${name}"`)),
      );
    },
  },
  {
    ...input('pollutes prototypes in JSON', '__proto__ and constructor.prototype at every level', '', [], () => ({})),
    stage: 'http',
    stoppedBy: 'Fastify: secure-json-parse',
    answer: '400 BAD_REQUEST',
    attack: (world) => {
      const request = JSON.stringify(creationWith({}));
      const inVariables = JSON.stringify(creationWith({ xx: { polluted: true } })).replace('"xx"', '"__proto__"');
      return each(
        [
          inVariables,
          request.replace('{', '{"__proto__":{"polluted":true},'),
          request.replace('{', '{"constructor":{"prototype":{"polluted":true}},'),
          request.replace('{', '{"extensions":{"__proto__":{"polluted":true}},'),
        ],
        (body) => world.ask(body),
      );
    },
  },
  {
    ...input(
      'pollutes prototypes by an address',
      '__proto__ and constructor in the parameters of a GET',
      '',
      [],
      () => ({}),
    ),
    stage: 'validation',
    stoppedBy: 'graphql-js: variables that are declared only',
    answer: '200 GRAPHQL_VALIDATION_FAILED',
    attack: (world) =>
      each(
        [
          '__proto__[polluted]=1',
          'constructor[prototype][polluted]=1',
          'variables={"__proto__":{"polluted":1}}',
          'extensions={"__proto__":{"polluted":1}}',
        ],
        (parameters) =>
          world.ask(undefined, {
            method: 'GET',
            path: `/graphql?query={polluted}&${encodeURI(parameters)}`,
            headers: { 'content-type': undefined, 'apollo-require-preflight': 'true' },
          }),
      ),
  },
  {
    ...input('pages past all bounds', 'first of 0, 101, -1 and 2^31', '', [], () => ({})),
    stoppedBy: 'src/schema/pagination/page.ts',
    answer: '200 BAD_USER_INPUT',
    attack: (world) =>
      each([0, 101, -1, 2 ** 31, 1.5], (first) =>
        world.ask({
          query: 'query ($first: Int!) { paymentSessions(first: $first) { edges { cursor } } }',
          variables: { first },
        }),
      ),
  },
  {
    ...input('writes its own cursor', 'cursors of SQL, objects, other places, other base64', '', [], () => ({})),
    stoppedBy: 'src/schema/pagination/cursor.ts',
    answer: '200 BAD_USER_INPUT',
    attack: (world) => {
      const cursors = ["' OR 1=1 --", '["x"]', '{"id":1}', '[[],[]]', '[null,null]', '[]', '[1,2,3,4,5]'];
      return each(['x', '', '====', ...cursors.map((text) => Buffer.from(text).toString('base64url'))], (after) =>
        world.ask({ query: LIST, variables: { after } }),
      );
    },
  },
  {
    ...input('makes a number of a key, or a list of a text', 'coercions that other languages have', '', [], () => ({})),
    stoppedBy: 'graphql-js: variables have to fit their types',
    answer: '200 BAD_USER_INPUT',
    attack: (world) =>
      each(
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
        (change) => world.ask(creationWith(change)),
      ),
  },
];
