import { describe, expect, it } from '@jest/globals';
import { identify } from '../../src/domain/payment-identity.js';
import type { Candidate, PaymentIdentity } from '../../src/domain/payment-identity.js';
import { Sensitive } from '../../src/domain/sensitive.js';

const AT = new Date('2026-11-20T15:00:00Z');
const HOUR_MS = 3_600_000;

function payment(id: string, change: Partial<Candidate> = {}): Candidate {
  return {
    id,
    delivery: 'EMAIL',
    status: 'UNKNOWN',
    referenceId: 'LOAN-1042',
    customer: { userId: 'u', name: new Sensitive('Alex Tremblay'), email: new Sensitive('alex@example.com') },
    amount: { amountMinor: 25_010, currency: 'CAD' },
    clientUrls: [],
    sessionId: undefined,
    paymentRequestId: undefined,
    statusDetails: undefined,
    statusCheckedAt: undefined,
    createdAt: AT,
    updatedAt: AT,
    isAbandoned: false,
    ...change,
  };
}

const NOTHING: PaymentIdentity = {
  paymentRequestId: undefined,
  sessionId: undefined,
  referenceId: undefined,
  amountMinor: undefined,
  email: undefined,
  createdAt: undefined,
};
const REFERENCE = { ...NOTHING, referenceId: 'LOAN-1042' };

/** The id of the payment that is meant, or why there is none. */
function meant(identity: PaymentIdentity, ...candidates: Candidate[]): string {
  const found = identify(identity, candidates);
  return found.kind === 'found' ? found.payment.id : found.kind;
}

describe('the payment that news mean', () => {
  it('is the one with the id of Flinks, whatever else is told', () => {
    const ours = payment('a', { paymentRequestId: 'R-1' });
    const identity = { ...REFERENCE, paymentRequestId: 'r-1', amountMinor: 1 };
    expect(meant(identity, payment('b'), ours)).toBe('a');
    expect(meant({ ...NOTHING, sessionId: new Sensitive('S') }, payment('a', { sessionId: new Sensitive('s') }))).toBe(
      'a',
    );
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
    expect(meant(NOTHING, payment('a'))).toBe('none');
  });

  it('is not one beside which a session was left behind, unless an id tells them apart', () => {
    const left = payment('l', { isAbandoned: true, sessionId: new Sensitive('s-1') });
    expect(meant(REFERENCE, payment('a'), left)).toBe('ambiguous');
    expect(meant(REFERENCE, left)).toBe('none');
    expect(meant({ ...REFERENCE, sessionId: new Sensitive('s-1') }, payment('a'), left)).toBe('abandoned');
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
