import fc from 'fast-check';
import type { Arbitrary } from 'fast-check';
import { MARK, mutations, validatePayment } from './payment-calls.js';
import type { PaymentCall } from './payment-calls.js';

/** Any text of Unicode code points, assigned or not. */
export const anyText = (maxLength: number): Arbitrary<string> => fc.string({ unit: 'binary', maxLength });
const character = (first: number, last: number): Arbitrary<string> =>
  fc.integer({ min: first, max: last }).map((codePoint) => String.fromCodePoint(codePoint));
const oneCharacterOf = (characters: string): Arbitrary<string> => fc.constantFrom(...Array.from(characters));
const textOf = (characters: string, minLength: number, maxLength: number): Arbitrary<string> =>
  fc.string({ unit: oneCharacterOf(characters), minLength, maxLength });

/** Control characters, lone surrogates, private use, formatting characters and invisible blanks. */
const invisible = fc.oneof(
  character(0x00, 0x1f),
  character(0x7f, 0x9f),
  fc.constantFrom(
    '\u00ad',
    '\u034f',
    '\u061c',
    '\u115f',
    '\u1160',
    '\u2028',
    '\u2029',
    '\u2800',
    '\u3164',
    '\ufeff',
    '\uffa0',
  ),
  character(0x200b, 0x200f),
  character(0x202a, 0x202e),
  character(0x2060, 0x206f),
  character(0xd800, 0xdfff),
  character(0xe000, 0xf8ff),
  character(0xfe00, 0xfe0f),
  character(0xfff9, 0xfffb),
  character(0xe0000, 0xe0fff),
  character(0xf0000, 0x10ffff),
);
const notInNames = fc.oneof(
  invisible,
  character(0x1f300, 0x1f64f),
  oneCharacterOf('!"#$%*/;<=>?@[\\]^_{|}~\u00a9\u20ac'),
);
const notInIds = fc.oneof(invisible, fc.constantFrom(' ', '\u00a0', '\u1680', '\u2003', '\u202f', '\u205f', '\u3000'));
const notInKeys = fc.oneof(invisible, character(0xa0, 0xd7ff), character(0x10000, 0x1ffff));
const notInEmails = fc.oneof(
  invisible,
  oneCharacterOf(' "(),:;<>[\\]'),
  character(0xa1, 0xd7ff),
  character(0xff01, 0xff5e),
  character(0x10000, 0x1ffff),
);
const notInUrls = fc.oneof(
  invisible,
  oneCharacterOf(' "<>\\^`{|}'),
  character(0xa0, 0xd7ff),
  character(0x10000, 0x1ffff),
);

/** Text around an invalid character. */
const around = (before: Arbitrary<string>, bad: Arbitrary<string>, after: Arbitrary<string>): Arbitrary<string> =>
  fc.tuple(before, bad, after).map((parts) => parts.join(''));

const lettersOnly = fc.string({
  unit: oneCharacterOf('abcxyzABC\u00e9\u00f1\u0142\u4e00\u0416\u{10428}'),
  minLength: 1,
  maxLength: 30,
});
const domain = fc.domain();

/** A value that violates a rule of its field by construction, and the code that it must get. */
interface Corruption {
  readonly field: string;
  readonly value: unknown;
  /** The path of the issue. */
  readonly at: string;
  readonly code: string;
}

const corruption = (field: string, code: string, values: Arbitrary<unknown>, at = field): Arbitrary<Corruption> =>
  values.map((value) => ({ field, value, code, at }));

const badName = fc.oneof(
  corruption('customer.name', 'INVALID_CHARACTERS', around(fc.constant(`${MARK} `), notInNames, anyText(60))),
  corruption('customer.name', 'INVALID_CHARACTERS', around(anyText(40), notInNames, fc.constant(`${MARK} a`))),
  corruption(
    'customer.name',
    'INVALID_CHARACTERS',
    around(fc.constant(`${MARK}\r\nBcc: `), notInNames, fc.emailAddress()),
  ),
  corruption(
    'customer.name',
    'REQUIRED',
    lettersOnly.map((letters) => ` ${letters}`),
  ),
  corruption('customer.name', 'REQUIRED', textOf(' \u00a0\u3000', 0, 20)),
  corruption('customer.name', 'REQUIRED', textOf("0123456789\u0663 '-.,&():+", 0, 80)),
  corruption(
    'customer.name',
    'TOO_LONG',
    fc.string({ unit: lettersOnly, minLength: 80, maxLength: 200 }).map((name) => `${MARK} ${name}`),
  ),
);

// The gateway trims spaces around an address, so the text must not begin with one.
const nonBlankStart = anyText(40).map((text) => `x${text}`);

const badEmail = fc.oneof(
  corruption(
    'customer.email',
    'INVALID_CHARACTERS',
    around(fc.constant(MARK), notInEmails, fc.constant('@example.com')),
  ),
  corruption(
    'customer.email',
    'INVALID_CHARACTERS',
    around(fc.constant(`${MARK}@exa`), notInEmails, fc.constant('mple.com')),
  ),
  corruption(
    'customer.email',
    'INVALID_CHARACTERS',
    around(fc.emailAddress(), fc.constantFrom('\r\n', '\n', '\r', ',', ';'), anyText(60)),
  ),
  corruption(
    'customer.email',
    'INVALID_CHARACTERS',
    around(nonBlankStart, notInEmails, fc.constant(`${MARK}@example.com`)),
  ),
  corruption('customer.email', 'INVALID_EMAIL', textOf("abcXYZ019!#$%&'*+-/=?^_`{|}~.", 1, 64)),
  corruption(
    'customer.email',
    'INVALID_EMAIL',
    textOf('abc019-', 0, 40).map((host) => `${MARK}@${host}`),
  ),
  corruption(
    'customer.email',
    'INVALID_EMAIL',
    fc.emailAddress().map((email) => `${MARK}@${email.slice(0, 200)}`),
  ),
  corruption(
    'customer.email',
    'INVALID_EMAIL',
    domain.map((host) => `${MARK}.@${host.slice(-180)}`),
  ),
  corruption(
    'customer.email',
    'INVALID_EMAIL',
    fc.ipV4().map((address) => `${MARK}@${address}`),
  ),
  corruption('customer.email', 'TOO_LONG', textOf('abc.@019', 255, 2_000)),
  corruption('customer.email', 'REQUIRED', textOf(' \u00a0\u3000\t\n\u200b', 0, 20)),
);

const badId = fc
  .constantFrom('customer.userId', 'referenceId')
  .chain((field) =>
    fc.oneof(
      corruption(field, 'INVALID_CHARACTERS', around(fc.constant(MARK), notInIds, anyText(30))),
      corruption(field, 'INVALID_CHARACTERS', around(anyText(30), notInIds, fc.constant(MARK))),
      corruption(field, 'TOO_LONG', fc.string({ unit: 'grapheme', minLength: 65, maxLength: 300 })),
      corruption(field, 'TOO_SHORT', fc.constant('')),
    ),
  );

const badKey = fc.oneof(
  corruption('idempotencyKey', 'INVALID_CHARACTERS', around(fc.constant(`${MARK} `), notInKeys, anyText(60))),
  corruption('idempotencyKey', 'INVALID_CHARACTERS', around(anyText(60), notInKeys, fc.constant(MARK))),
  corruption('idempotencyKey', 'INVALID_CHARACTERS', notInKeys),
  corruption('idempotencyKey', 'TOO_LONG', fc.string({ unit: 'binary', minLength: 256, maxLength: 600 })),
  corruption('idempotencyKey', 'TOO_LONG', fc.string({ unit: 'binary-ascii', minLength: 256, maxLength: 600 })),
  corruption('idempotencyKey', 'TOO_SHORT', fc.constant('')),
);

const digits = (minLength: number, maxLength: number): Arbitrary<string> => textOf('0123456789', minLength, maxLength);
const amountText = fc.tuple(fc.integer({ min: 1, max: 9_999 }), digits(2, 2)).map((parts) => parts.join('.'));
/** The code points of the digit zero in other scripts; the other digits follow it. */
const zeros = [0x660, 0x6f0, 0x966, 0x9e6, 0xe50, 0xf20, 0x1040, 0x17e0, 0xff10, 0x1d7ce, 0x1fbf0];
const inOtherScript = (text: string, zero: number): string =>
  text.replace(/\d/g, (digit) => String.fromCodePoint(zero + Number(digit)));

const badAmount = fc.oneof(
  corruption(
    'amount.value',
    'INVALID_DECIMAL',
    around(fc.constantFrom('+', '-', ' ', '$', '0x', '00', '\u2212'), amountText, fc.constant('')),
  ),
  corruption(
    'amount.value',
    'INVALID_DECIMAL',
    around(amountText, fc.constantFrom('e', 'E', 'e+', 'e-', ',', '_', '.', ' ', "'"), digits(1, 4)),
  ),
  corruption('amount.value', 'INVALID_DECIMAL', around(amountText, invisible, fc.constant(''))),
  corruption('amount.value', 'INVALID_DECIMAL', around(fc.constant(''), invisible, amountText)),
  corruption('amount.value', 'INVALID_DECIMAL', around(anyText(20), fc.constant(MARK), anyText(20))),
  corruption(
    'amount.value',
    'INVALID_DECIMAL',
    fc.tuple(amountText, fc.constantFrom(...zeros)).map(([text, zero]) => inOtherScript(text, zero)),
  ),
  corruption(
    'amount.value',
    'INVALID_DECIMAL',
    fc.double({ noNaN: true, noDefaultInfinity: true }).filter((value) => !Number.isSafeInteger(value)),
  ),
  corruption('amount.value', 'INVALID_DECIMAL', fc.integer({ max: -1 })),
  corruption('amount.value', 'TOO_MANY_DECIMALS', around(amountText, digits(1, 1), digits(0, 40))),
  corruption(
    'amount.value',
    'TOO_SMALL',
    fc.string({ unit: fc.constant('0'), maxLength: 30 }).map((zero) => `0.0${zero}`),
  ),
  corruption(
    'amount.value',
    'TOO_LARGE',
    fc.tuple(oneCharacterOf('123456789'), digits(5, 40)).map((parts) => parts.join('')),
  ),
  corruption(
    'amount.value',
    'TOO_LARGE',
    fc.maxSafeInteger().filter((value) => value > 10_000),
  ),
);

const path = textOf('abcXYZ019-_~/.', 0, 20);
const url = (scheme: string, tail: Arbitrary<string> = path): Arbitrary<string> =>
  fc.tuple(domain, tail).map(([host, rest]) => `${scheme}${MARK}.${host}/${rest}`);
const oneUrl = (code: string, urls: Arbitrary<string>): Arbitrary<Corruption> =>
  corruption(
    'clientUrls',
    code,
    urls.map((text) => [text]),
    'clientUrls.0',
  );

const badUrls = fc.oneof(
  oneUrl(
    'INVALID_URL',
    fc
      .constantFrom('ftp://', 'ws://', 'javascript://', 'data:', '//', '/', '', 'https:', 'https:///')
      .chain((scheme) => url(scheme)),
  ),
  oneUrl(
    'INVALID_URL',
    fc.constantFrom('user@', 'user:pass@', ':@', '@').chain((user) => url(`https://${user}`)),
  ),
  oneUrl(
    'INVALID_URL',
    url(
      'https://',
      path.map((tail) => `#${tail}`),
    ),
  ),
  oneUrl(
    'INVALID_URL',
    fc.tuple(domain, fc.integer({ min: 65_536 })).map(([host, port]) => `https://${host}:${port}/${MARK}`),
  ),
  oneUrl(
    'URL_NOT_ALLOWED',
    fc.constantFrom('http://', 'http://localhost.', 'http://127.0.0.1.', 'HTTP://127.').chain((scheme) => url(scheme)),
  ),
  oneUrl(
    'URL_NOT_ALLOWED',
    fc
      .ipV4()
      .filter((address) => !address.startsWith('127.'))
      .map((address) => `http://${address}/${MARK}`),
  ),
  oneUrl('INVALID_CHARACTERS', url('https://', around(path, notInUrls, path))),
  oneUrl('INVALID_CHARACTERS', around(anyText(20), notInUrls, url('https://'))),
  oneUrl('TOO_LONG', url('https://', textOf('abc/', 2_048, 3_000))),
  corruption('clientUrls', 'TOO_MANY', fc.array(url('https://'), { minLength: 11, maxLength: 30 })),
  corruption(
    'clientUrls',
    'DUPLICATE',
    url('https://').map((text) => [text, text.replace('https', 'HTTPS')]),
    'clientUrls.1',
  ),
);

/** One to three invalid fields, each invalid in one way. */
const someOf = (...fields: Arbitrary<Corruption>[]): Arbitrary<Corruption[]> =>
  fc.uniqueArray(fc.oneof(...fields), { minLength: 1, maxLength: 3, selector: ({ field }) => field });

const badFields = [badName, badEmail, badId, badAmount, badUrls];

/** A payment call, and the invalid fields of its payment. */
export const invalidCall: Arbitrary<[PaymentCall, Corruption[]]> = fc.oneof(
  fc.tuple(fc.constantFrom(...mutations), someOf(...badFields, badKey)),
  fc.tuple(fc.constant(validatePayment), someOf(...badFields)),
);
