import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { Sensitive } from '../../src/domain/sensitive.js';
import { Fingerprints } from '../../src/payments/start/fingerprints.js';
import type { RequestedPayment } from '../../src/domain/payment.js';
import { DataKeys, UnknownDataKeyError } from '../../src/store/encryption/data-keys.js';
import { dataKey, newOrder } from './test-store.js';

const [older, newer] = [dataKey('older'), dataKey('newer')];
const before = new DataKeys([older]);
const rotated = new DataKeys([newer, older]);
const PLACE = 'customer_name of ps_1';
const TEXT = new Sensitive('Zoé Tremblay-Côté');

/** A sealed text with one bit of one byte changed. */
function tampered(sealed: string, index: number): string {
  const [id = '', base64 = ''] = sealed.split('.');
  const bytes = Buffer.from(base64, 'base64');
  bytes.writeUInt8((bytes.at(index) ?? 0) ^ 1, index);
  return `${id}.${bytes.toString('base64')}`;
}

describe('a sealed value', () => {
  it('is unsealed in the place where it was sealed', () => {
    expect(before.unseal(before.seal(TEXT, PLACE), PLACE).reveal()).toBe(TEXT.reveal());
  });

  it.each(['customer_email of ps_1', 'customer_name of ps_2', ''])(
    'cannot be unsealed in another place (%j)',
    (place) => {
      const sealed = before.seal(TEXT, PLACE);
      expect(() => before.unseal(sealed, place)).toThrow('unable to authenticate');
    },
  );

  it('cannot be unsealed when any bit of it was changed', () => {
    const sealed = before.seal(TEXT, PLACE);
    const length = Buffer.from(sealed.split('.')[1] ?? '', 'base64').length;
    for (let index = 0; index < length; index += 1)
      expect(() => before.unseal(tampered(sealed, index), PLACE)).toThrow('unable to authenticate');
  });

  it('cannot be unsealed with another key of the same id', () => {
    const sealed = before.seal(TEXT, PLACE);
    expect(() => new DataKeys([dataKey('older')]).unseal(sealed, PLACE)).toThrow('unable to authenticate');
  });

  it('cannot be unsealed when it is truncated', () => {
    const sealed = before.seal(TEXT, PLACE);
    for (const end of [sealed.length - 4, 'older.'.length + 16, 'older.'.length])
      expect(() => before.unseal(sealed.slice(0, end), PLACE)).toThrow();
  });

  it('differs from another sealed value of the same text', () => {
    expect(before.seal(TEXT, PLACE)).not.toBe(before.seal(TEXT, PLACE));
  });
});

describe('a rotation of data keys', () => {
  it('seals with the newest key and unseals with all keys', () => {
    const old = before.seal(TEXT, PLACE);
    expect(rotated.seal(TEXT, PLACE)).toMatch(/^newer\./);
    expect(rotated.unseal(old, PLACE).reveal()).toBe(TEXT.reveal());
    expect(rotated.unseal(rotated.seal(TEXT, PLACE), PLACE).reveal()).toBe(TEXT.reveal());
  });

  it('cannot unseal a value whose key was removed', () => {
    const sealed = before.seal(TEXT, PLACE);
    const open = (): unknown => new DataKeys([newer]).unseal(sealed, PLACE);
    expect(open).toThrow(UnknownDataKeyError);
    expect(open).toThrow('DATA_ENCRYPTION_KEYS has no key older, which the database uses');
  });
});

describe('a fingerprint of a requested payment', () => {
  const request: RequestedPayment = newOrder();

  it('is compared using the key and version with which it was written', () => {
    const written = new Fingerprints(before).compute(request);
    expect(written).toMatchObject({ keyId: 'older', version: 1 });
    const after = new Fingerprints(rotated);
    expect(after.compute(request)).toMatchObject({ keyId: 'newer', version: 1 });
    expect(after.compute(request).mac).not.toBe(written.mac);
    expect(after.matches(written, request)).toBe(true);
    expect(after.matches(after.compute(request), request)).toBe(true);
    expect(after.matches({ ...written, keyId: 'newer' }, request)).toBe(false);
  });

  const { customer } = request;
  it.each<[string, Partial<RequestedPayment>]>([
    ['user', { customer: { ...customer, userId: 'user-2' } }],
    ['name', { customer: { ...customer, name: new Sensitive('Zoe Tremblay-Côté') } }],
    ['e-mail', { customer: { ...customer, email: new Sensitive('Zoe.tremblay@example.com') } }],
    ['amount', { amount: { amountMinor: 25_011, currency: 'CAD' } }],
    ['reference', { referenceId: 'LOAN-1043' }],
    ['request without a reference', { referenceId: undefined }],
    ['order of URLs', { clientUrls: [...request.clientUrls].reverse() }],
    ['request without URLs', { clientUrls: [] }],
  ])('differs for another %s', (_, change) => {
    const fingerprints = new Fingerprints(before);
    expect(fingerprints.matches(fingerprints.compute(request), { ...request, ...change })).toBe(false);
  });

  it.each([
    ['version', { version: 2 }],
    ['key', { keyId: 'unheard-of' }],
  ])('with a %s that only a newer replica knows is rejected as unavailable', (_, change) => {
    const fingerprints = new Fingerprints(before);
    const written = { ...fingerprints.compute(request), ...change };
    expect(() => fingerprints.matches(written, request)).toThrow('the database is unavailable');
  });

  it('cannot be matched without its key', () => {
    const other = new Fingerprints(new DataKeys([{ id: 'older', bytes: new Sensitive(randomBytes(32)) }]));
    expect(other.matches(new Fingerprints(before).compute(request), request)).toBe(false);
  });
});
