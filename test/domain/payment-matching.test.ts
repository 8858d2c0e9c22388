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

/** The id of the payment that is meant, or why there is none. */
function meant(identity: PaymentIdentity, ...candidates: MatchCandidate[]): string {
  const found = matchPayment(identity, candidates);
  return found.kind === 'found' ? found.payment.id : found.kind;
}

describe('the payment that news mean', () => {
  it('is the one with the id of Flinks that nothing else contradicts', () => {
    const ours = payment('a', { paymentRequestId: 'R-1', sessionId: new Sensitive('S-1') });
    const named = { ...NO_IDENTITY, paymentRequestId: 'R-1' };
    expect(meant(named, payment('b'), ours)).toBe('a');
    expect(meant({ ...NO_IDENTITY, sessionId: new Sensitive('S-1') }, ours)).toBe('a');
    expect(meant({ ...named, referenceId: 'LOAN-1042', amountMinor: 25_010, currency: 'CAD' }, ours)).toBe('a');
  });

  it.each<[IdentityField, Partial<PaymentIdentity>]>([
    ['SESSION_ID', { sessionId: new Sensitive('S-2') }],
    ['REFERENCE_ID', { referenceId: 'LOAN-1' }],
    ['AMOUNT', { amountMinor: 25_011 }],
    ['AMOUNT', { amountMinor: NaN }],
    ['CURRENCY', { currency: 'USD' }],
    ['CUSTOMER_EMAIL', { email: new Sensitive('sam@example.com') }],
  ])('is none where the id of Flinks comes with another %s', (field, contradiction) => {
    const ours = payment('a', { paymentRequestId: 'R-1', sessionId: new Sensitive('S-1') });
    const found = matchPayment({ ...NO_IDENTITY, paymentRequestId: 'R-1', ...contradiction }, [ours]);
    expect(found).toMatchObject({ kind: 'mismatched', payment: { id: 'a' }, mismatch: { field } });
    expect(JSON.stringify(found)).not.toMatch(/sam@|S-2/);
  });

  it('is none where ids of Flinks name several', () => {
    const request = payment('a', { paymentRequestId: 'R-1' });
    const session = payment('b', { sessionId: new Sensitive('S-1') });
    const both = { ...NO_IDENTITY, paymentRequestId: 'R-1', sessionId: new Sensitive('S-1') };
    expect(meant(both, request, session)).toBe('mismatched');
    const left = payment('l', { isOrphaned: true, sessionId: new Sensitive('S-1') });
    expect(meant(both, request, left)).toBe('mismatched');
    expect(meant({ ...both, amountMinor: 1 }, request, session)).toBe('mismatched');
  });

  it('is not told by an e-mail address that is masked', () => {
    const ours = payment('a', { paymentRequestId: 'R-1' });
    const named = { ...NO_IDENTITY, paymentRequestId: 'R-1' };
    for (const email of ['a***@example.com', 'none', 'ALEX@EXAMPLE.COM '])
      expect(meant({ ...named, email: new Sensitive(email) }, ours)).toBe('a');
  });

  it('is the one that is known by a bare id, which hinders nothing otherwise', () => {
    const ours = payment('a', { paymentRequestId: 'R-1' });
    expect(meant({ ...NO_IDENTITY, bareId: 'R-1' }, ours, payment('b'))).toBe('a');
    expect(meant({ ...REFERENCE, bareId: 'evt_1' }, ours)).toBe('a');
  });

  it('has ids that are the same in another spelling', () => {
    const guid = '3f2504e0-4f89-41d3-9a0c-0305e82c3301';
    const byRequest = payment('a', { paymentRequestId: guid });
    expect(meant({ ...NO_IDENTITY, paymentRequestId: guid.toUpperCase() }, byRequest)).toBe('a');
    expect(meant({ ...NO_IDENTITY, paymentRequestId: `{${guid}}` }, byRequest)).toBe('a');
    expect(meant({ ...NO_IDENTITY, paymentRequestId: 'r-1' }, payment('a', { paymentRequestId: 'R-1' }))).toBe('none');
    for (const [sent, repeated] of [
      [guid, guid.toUpperCase()],
      [`${guid}-x0123456789`, `${guid}-x0123456789`.toUpperCase()],
      ['Prêt-1'.normalize('NFD'), 'Prêt-1'.normalize('NFC')],
    ] as const)
      expect(meant({ ...NO_IDENTITY, referenceId: repeated }, payment('a', { upstreamReferenceId: sent }))).toBe('a');
    expect(meant({ ...REFERENCE, referenceId: 'loan-1042' }, payment('a'))).toBe('none');
  });

  it('is the one that Flinks knows by the reference, not that of another client', () => {
    const first = payment('a');
    const second = payment('b', { upstreamReferenceId: 'LOAN-1042-x0123456789' });
    expect(meant(REFERENCE, first, second)).toBe('a');
    expect(meant({ ...REFERENCE, referenceId: 'LOAN-1042-x0123456789' }, first, second)).toBe('b');
  });

  it('is none that has another id of Flinks', () => {
    const ours = payment('a', { sessionId: new Sensitive('s-1') });
    expect(meant({ ...REFERENCE, sessionId: new Sensitive('s-2') }, ours)).toBe('none');
    expect(meant({ ...REFERENCE, sessionId: new Sensitive('s-2') }, ours, payment('b'))).toBe('b');
  });

  it('is the only one that fits the reference and all that is told beside it', () => {
    const other = { amount: { amountMinor: 1, currency: 'CAD' } } as const;
    expect(meant(REFERENCE, payment('a'))).toBe('a');
    expect(meant(REFERENCE, payment('a'), payment('b'))).toBe('ambiguous');
    expect(meant({ ...REFERENCE, amountMinor: 25_010 }, payment('a'), payment('b', other))).toBe('a');
    expect(meant({ ...REFERENCE, amountMinor: 9 }, payment('a'))).toBe('none');
    expect(meant({ ...REFERENCE, email: new Sensitive('ALEX@example.com') }, payment('a'))).toBe('a');
    expect(meant({ ...REFERENCE, email: new Sensitive('sam@example.com') }, payment('a'))).toBe('none');
    expect(meant({ ...REFERENCE, referenceId: 'LOAN-2' }, payment('a'))).toBe('none');
    expect(meant(NO_IDENTITY, payment('a'))).toBe('none');
  });

  it('is not one beside which a session was left behind, unless an id tells them apart', () => {
    const left = payment('l', { isOrphaned: true, sessionId: new Sensitive('s-1') });
    expect(meant(REFERENCE, payment('a'), left)).toBe('ambiguous');
    expect(meant(REFERENCE, left)).toBe('none');
    expect(meant({ ...REFERENCE, sessionId: new Sensitive('s-1') }, payment('a'), left)).toBe('orphaned');
    expect(meant({ ...REFERENCE, sessionId: new Sensitive('s-2') }, payment('a'), left)).toBe('a');
  });

  it('may have lost its personal data', () => {
    const erased = payment('a', { customer: { userId: 'u', name: undefined, email: undefined } });
    expect(meant({ ...REFERENCE, email: new Sensitive('alex@example.com') }, erased)).toBe('a');
  });

  it.each([
    [36, 'a'],
    [37, 'none'],
    [-36, 'a'],
    [-37, 'none'],
  ])('was asked for near the time that is told: %d hours', (hours, expected) => {
    const createdAt = new Date(AT.getTime() + hours * HOUR_MS);
    expect(meant({ ...REFERENCE, createdAt }, payment('a'))).toBe(expected);
  });
});
