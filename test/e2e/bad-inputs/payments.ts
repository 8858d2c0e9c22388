import { MARK } from '../payment-calls.js';
import { inUrl } from './characters.js';

/** A valid payment with changes, and the issues that they cause. */
export interface BadPayment {
  readonly description: string;
  readonly changes: Readonly<Record<string, unknown>>;
  /** One `path code` per issue. */
  readonly issues: readonly string[];
}

const numbered = (count: number): string[] => Array.from({ length: count }, (_, index) => `${inUrl('/')}${index}`);
const host = `${MARK}.example`;

/** Payments that break the rules of all three operations. */
export const badPayments: readonly BadPayment[] = [
  { description: 'eleven URLs', changes: { clientUrls: numbered(11) }, issues: ['clientUrls TOO_MANY'] },
  { description: 'a hundred URLs', changes: { clientUrls: numbered(100) }, issues: ['clientUrls TOO_MANY'] },
  { description: 'a URL twice', changes: { clientUrls: [inUrl(''), inUrl('')] }, issues: ['clientUrls.1 DUPLICATE'] },
  {
    description: 'a URL three times',
    changes: { clientUrls: [inUrl(''), inUrl('/2'), inUrl(''), inUrl('')] },
    issues: ['clientUrls.2 DUPLICATE', 'clientUrls.3 DUPLICATE'],
  },
  {
    description: 'a host in two cases',
    changes: { clientUrls: [`https://${host}/`, `https://${host.toUpperCase()}/`] },
    issues: ['clientUrls.1 DUPLICATE'],
  },
  {
    description: 'a scheme in two cases',
    changes: { clientUrls: [`https://${host}/`, `HTTPS://${host}/`] },
    issues: ['clientUrls.1 DUPLICATE'],
  },
  {
    description: 'a port that is the default',
    changes: { clientUrls: [`https://${host}/pay`, `https://${host}:443/pay`] },
    issues: ['clientUrls.1 DUPLICATE'],
  },
  {
    description: 'a bare host with a slash and without',
    changes: { clientUrls: [`https://${host}/`, `https://${host}`] },
    issues: ['clientUrls.1 DUPLICATE'],
  },
  {
    description: 'a path with dot segments',
    changes: { clientUrls: [inUrl(''), `https://${host}/a/../pay`, `https://${host}/./pay`] },
    issues: ['clientUrls.1 DUPLICATE', 'clientUrls.2 DUPLICATE'],
  },
  {
    description: 'loopback written in two ways',
    changes: { clientUrls: [`http://127.0.0.1/${MARK}`, `http://2130706433/${MARK}`] },
    issues: ['clientUrls.1 DUPLICATE'],
  },
  {
    description: 'a bad URL twice',
    changes: { clientUrls: [`ftp://${host}`, `ftp://${host}`] },
    issues: ['clientUrls.0 INVALID_URL', 'clientUrls.1 INVALID_URL', 'clientUrls.1 DUPLICATE'],
  },
  {
    description: 'bad URLs among good ones',
    changes: { clientUrls: [inUrl('/1'), `http://${host}`, inUrl('/2'), inUrl('/ 3'), `//${host}`, inUrl('/1')] },
    issues: [
      'clientUrls.1 URL_NOT_ALLOWED',
      'clientUrls.3 INVALID_CHARACTERS',
      'clientUrls.4 INVALID_URL',
      'clientUrls.5 DUPLICATE',
    ],
  },
  {
    description: 'eleven URLs, one of them bad and one twice',
    changes: { clientUrls: [...numbered(9), `http://${host}`, inUrl('/0')] },
    issues: ['clientUrls TOO_MANY', 'clientUrls.9 URL_NOT_ALLOWED', 'clientUrls.10 DUPLICATE'],
  },
  {
    description: 'an empty form',
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
    description: 'a customer with a bad name and a bad e-mail',
    changes: { 'customer.name': MARK, 'customer.email': `${MARK}@` },
    issues: ['customer.name REQUIRED', 'customer.email INVALID_EMAIL'],
  },
  {
    description: 'swapped fields',
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
    description: 'line breaks everywhere',
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
    description: 'everything too long',
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

/** Payments for the mutations only, because they have a key. */
export const badInputs: readonly BadPayment[] = [
  {
    description: 'an empty form with an empty key',
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
    description: 'the same bad text as key, id and reference',
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
    description: 'a good key with a bad amount',
    changes: { idempotencyKey: `${MARK} first payment`, 'amount.value': '-7319513.77' },
    issues: ['amount.value INVALID_DECIMAL'],
  },
];
