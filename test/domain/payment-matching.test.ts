import { describe, expect, it } from '@jest/globals';
import { matchPayment } from '../../src/domain/payment-matching.js';
import type { MatchCandidate } from '../../src/domain/payment-matching.js';
import { NO_IDENTITY } from '../../src/domain/payment-mismatch.js';
import type { IdentityField, PaymentIdentity } from '../../src/domain/payment-mismatch.js';
import { Sensitive } from '../../src/domain/sensitive.js';

const AT = new Date('2026-11-20T15:00:00Z');
const HOUR_MS = 3_600_000;

function payment(id: string, change: Partial<MatchCandidate> = {}): MatchCandidate {
  return {
    id,
    deliveryMethod: 'EMAIL',
    status: 'OUTCOME_UNKNOWN',
    referenceId: 'LOAN-1042',
    upstreamReferenceId: 'LOAN-1042',
    customer: { userId: 'u', name: new Sensitive('Alex Tremblay'), email: new Sensitive('alex@example.com') },
    amount: { amountMinor: 25_010, currency: 'CAD' },
    clientUrls: [],
    sessionId: undefined,
    paymentRequestId: undefined,
    statusDetails: undefined,
    statusCheckedAt: undefined,
    createdAt: AT,
    updatedAt: AT,
    isOrphaned: false,
    ...change,
  };
}

const REFERENCE = { ...NO_IDENTITY, referenceId: 'LOAN-1042' };

/** The id of the matching payment, or why none matches. */
function matched(identity: PaymentIdentity, ...candidates: MatchCandidate[]): string {
  const found = matchPayment(identity, candidates);
  return found.kind === 'found' ? found.payment.id : found.kind;
}

describe('matchPayment', () => {
  it('finds the payment by a Flinks id that nothing else in the status update contradicts', () => {
    const recorded = payment('a', { paymentRequestId: 'R-1', sessionId: new Sensitive('S-1') });
    const named = { ...NO_IDENTITY, paymentRequestId: 'R-1' };
    expect(matched(named, payment('b'), recorded)).toBe('a');
    expect(matched({ ...NO_IDENTITY, sessionId: new Sensitive('S-1') }, recorded)).toBe('a');
    expect(matched({ ...named, referenceId: 'LOAN-1042', amountMinor: 25_010, currency: 'CAD' }, recorded)).toBe('a');
  });

  it.each<[IdentityField, Partial<PaymentIdentity>]>([
    ['SESSION_ID', { sessionId: new Sensitive('S-2') }],
    ['REFERENCE_ID', { referenceId: 'LOAN-1' }],
    ['AMOUNT', { amountMinor: 25_011 }],
    ['AMOUNT', { amountMinor: NaN }],
    ['CURRENCY', { currency: 'USD' }],
    ['CUSTOMER_EMAIL', { email: new Sensitive('sam@example.com') }],
  ])('reports a mismatch when a Flinks id names the payment but the %s differs', (field, contradiction) => {
    const recorded = payment('a', { paymentRequestId: 'R-1', sessionId: new Sensitive('S-1') });
    const found = matchPayment({ ...NO_IDENTITY, paymentRequestId: 'R-1', ...contradiction }, [recorded]);
    expect(found).toMatchObject({ kind: 'mismatched', payment: { id: 'a' }, mismatch: { field } });
    expect(JSON.stringify(found)).not.toMatch(/sam@|S-2/);
  });

  it('reports a mismatch when Flinks ids name several payments', () => {
    const request = payment('a', { paymentRequestId: 'R-1' });
    const session = payment('b', { sessionId: new Sensitive('S-1') });
    const both = { ...NO_IDENTITY, paymentRequestId: 'R-1', sessionId: new Sensitive('S-1') };
    expect(matched(both, request, session)).toBe('mismatched');
    const orphaned = payment('l', { isOrphaned: true, sessionId: new Sensitive('S-1') });
    expect(matched(both, request, orphaned)).toBe('mismatched');
    expect(matched({ ...both, amountMinor: 1 }, request, session)).toBe('mismatched');
  });

  it('ignores a masked e-mail address and compares any other case-insensitively', () => {
    const recorded = payment('a', { paymentRequestId: 'R-1' });
    const named = { ...NO_IDENTITY, paymentRequestId: 'R-1' };
    for (const email of ['a***@example.com', 'none', 'ALEX@EXAMPLE.COM '])
      expect(matched({ ...named, email: new Sensitive(email) }, recorded)).toBe('a');
  });

  it('finds a payment by a bare id, and ignores a bare id that names no payment', () => {
    const recorded = payment('a', { paymentRequestId: 'R-1' });
    expect(matched({ ...NO_IDENTITY, bareId: 'R-1' }, recorded, payment('b'))).toBe('a');
    expect(matched({ ...REFERENCE, bareId: 'evt_1' }, recorded)).toBe('a');
  });

  it('treats different spellings of the same id as equal', () => {
    const guid = '3f2504e0-4f89-41d3-9a0c-0305e82c3301';
    const byRequest = payment('a', { paymentRequestId: guid });
    expect(matched({ ...NO_IDENTITY, paymentRequestId: guid.toUpperCase() }, byRequest)).toBe('a');
    expect(matched({ ...NO_IDENTITY, paymentRequestId: `{${guid}}` }, byRequest)).toBe('a');
    expect(matched({ ...NO_IDENTITY, paymentRequestId: 'r-1' }, payment('a', { paymentRequestId: 'R-1' }))).toBe(
      'none',
    );
    for (const [sent, repeated] of [
      [guid, guid.toUpperCase()],
      [`${guid}-x0123456789`, `${guid}-x0123456789`.toUpperCase()],
      ['Prêt-1'.normalize('NFD'), 'Prêt-1'.normalize('NFC')],
    ] as const)
      expect(matched({ ...NO_IDENTITY, referenceId: repeated }, payment('a', { upstreamReferenceId: sent }))).toBe('a');
    expect(matched({ ...REFERENCE, referenceId: 'loan-1042' }, payment('a'))).toBe('none');
  });

  it('finds the payment whose reference at Flinks is the reported one, not that of another client', () => {
    const first = payment('a');
    const second = payment('b', { upstreamReferenceId: 'LOAN-1042-x0123456789' });
    expect(matched(REFERENCE, first, second)).toBe('a');
    expect(matched({ ...REFERENCE, referenceId: 'LOAN-1042-x0123456789' }, first, second)).toBe('b');
  });

  it('finds no payment by reference that has a different Flinks id', () => {
    const recorded = payment('a', { sessionId: new Sensitive('s-1') });
    expect(matched({ ...REFERENCE, sessionId: new Sensitive('s-2') }, recorded)).toBe('none');
    expect(matched({ ...REFERENCE, sessionId: new Sensitive('s-2') }, recorded, payment('b'))).toBe('b');
  });

  it('finds a payment by reference only if it is the only one that fits everything reported', () => {
    const other = { amount: { amountMinor: 1, currency: 'CAD' } } as const;
    expect(matched(REFERENCE, payment('a'))).toBe('a');
    expect(matched(REFERENCE, payment('a'), payment('b'))).toBe('ambiguous');
    expect(matched({ ...REFERENCE, amountMinor: 25_010 }, payment('a'), payment('b', other))).toBe('a');
    expect(matched({ ...REFERENCE, amountMinor: 9 }, payment('a'))).toBe('none');
    expect(matched({ ...REFERENCE, email: new Sensitive('ALEX@example.com') }, payment('a'))).toBe('a');
    expect(matched({ ...REFERENCE, email: new Sensitive('sam@example.com') }, payment('a'))).toBe('none');
    expect(matched({ ...REFERENCE, referenceId: 'LOAN-2' }, payment('a'))).toBe('none');
    expect(matched(NO_IDENTITY, payment('a'))).toBe('none');
  });

  it('does not choose between a payment and an orphaned session with the same reference unless an id distinguishes them', () => {
    const orphaned = payment('l', { isOrphaned: true, sessionId: new Sensitive('s-1') });
    expect(matched(REFERENCE, payment('a'), orphaned)).toBe('ambiguous');
    expect(matched(REFERENCE, orphaned)).toBe('none');
    expect(matched({ ...REFERENCE, sessionId: new Sensitive('s-1') }, payment('a'), orphaned)).toBe('orphaned');
    expect(matched({ ...REFERENCE, sessionId: new Sensitive('s-2') }, payment('a'), orphaned)).toBe('a');
  });

  it('finds a payment whose personal data has been erased', () => {
    const erased = payment('a', { customer: { userId: 'u', name: undefined, email: undefined } });
    expect(matched({ ...REFERENCE, email: new Sensitive('alex@example.com') }, erased)).toBe('a');
  });

  it.each([
    [36, 'a'],
    [37, 'none'],
    [-36, 'a'],
    [-37, 'none'],
  ])('finds a payment by reference only near the reported creation time: %d hours apart', (hours, expected) => {
    const createdAt = new Date(AT.getTime() + hours * HOUR_MS);
    expect(matched({ ...REFERENCE, createdAt }, payment('a'))).toBe(expected);
  });
});
