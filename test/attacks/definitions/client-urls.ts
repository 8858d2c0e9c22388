import { sendEach } from '../attack.js';
import type { Attack } from '../attack.js';
import { creationWith } from '../requests.js';

/** A payment with each of these URLs as the page that embeds the payment page. */
function clientUrls(name: string, details: string, response: string, urls: readonly string[]): Attack {
  return {
    name,
    details,
    stage: 'input',
    stoppedBy: 'src/domain/client-url-rules.ts (CLIENT_URL_ORIGINS)',
    response,
    run: (attacker) => sendEach(urls, (url) => attacker.send(creationWith({ clientUrls: [url] }))),
  };
}

const INVALID_INPUT = '200 InvalidPaymentInputError';

/** Payments whose payment page a page of the attacker could embed. */
export const clientUrlAttacks: readonly Attack[] = [
  clientUrls(
    'allows its own site to embed the payment page',
    'clientUrls with other hosts, subdomains and ports, and with the allowed host as a part of another URL.',
    `${INVALID_INPUT} URL_NOT_ALLOWED`,
    [
      'https://evil.example/',
      'https://shop.example.evil.example/',
      'https://evilshop.example/',
      'https://shop.example:8443/',
      'https://sub.shop.example/',
      'https://shop.example./',
      'https://evil.example/https://shop.example/',
      'https://evil.example/?shop.example',
    ],
  ),
  clientUrls(
    'allows an unencrypted site to embed the payment page',
    'clientUrls with http, for the allowed host and for internal addresses.',
    `${INVALID_INPUT} URL_NOT_ALLOWED`,
    ['http://shop.example/', 'http://127.0.0.1/', 'http://10.0.0.1/', 'HTTP://shop.example/'],
  ),
  clientUrls(
    'allows a look-alike host to embed the payment page',
    'clientUrls with Cyrillic and full-width letters, a full-width full stop, a soft hyphen, and a look-alike of a slash.',
    `${INVALID_INPUT} URL_NOT_ALLOWED INVALID_CHARACTERS | ${INVALID_INPUT} INVALID_CHARACTERS`,
    [
      'https://sh\u043ep.example/',
      'https://shop\u3002example/',
      'https://\uff53hop.example/',
      'https://shop.example\u2044.evil.example/',
      'https://shop\u00ad.example/',
    ],
  ),
  clientUrls(
    'confuses URL parsers',
    'clientUrls with backslashes, tabs, line breaks, NUL, leading spaces and bars.',
    `${INVALID_INPUT} INVALID_CHARACTERS | ${INVALID_INPUT} URL_NOT_ALLOWED INVALID_CHARACTERS`,
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
    'sends client URLs of an invalid form',
    'clientUrls with user info, a fragment, wildcards, other schemes, no scheme, no slashes, and CSP source expressions.',
    `${INVALID_INPUT} INVALID_URL`,
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
      'https://shop.ex;script-src/',
    ],
  ),
  clientUrls(
    'allows an IP address to embed the payment page',
    'clientUrls with IPv4 addresses, also in decimal, hexadecimal, octal and short form, and with IPv6 addresses.',
    `${INVALID_INPUT} URL_NOT_ALLOWED`,
    [
      'https://2130706433/',
      'https://0x7f.1/',
      'https://0177.0.0.1/',
      'https://[::1]/',
      'https://[::ffff:127.0.0.1]/',
      'https://127.1/',
      'https://169.254.169.254/',
    ],
  ),
];
