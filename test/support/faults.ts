import type { Endpoint, Fault } from './sandbox.js';

/** What a fault makes of one call. */
type Kind = 'harmless' | 'not-executed' | 'lost' | 'misconfigured' | 'refused';

/** Every way in which one call can go wrong, but for a connection that is never made. */
export const FAULTS: readonly (readonly [label: string, fault: Omit<Fault, 'endpoint'>, kind: Kind])[] = [
  ['slow', { kind: 'slow', delayMs: 100 }, 'harmless'],
  ['slow after the work', { kind: 'slow', delayMs: 100, when: 'after-work' }, 'harmless'],
  ['401 on a live token', { kind: 'unauthorized' }, 'harmless'],
  ['429', { kind: 'status', status: 429 }, 'not-executed'],
  ['408', { kind: 'status', status: 408 }, 'lost'],
  ['500', { kind: 'status', status: 500 }, 'lost'],
  ['500 after the work', { kind: 'status', status: 500, when: 'after-work' }, 'lost'],
  ['503', { kind: 'status', status: 503 }, 'lost'],
  ['cut before the work', { kind: 'cut' }, 'lost'],
  ['cut after the work', { kind: 'cut', when: 'after-work' }, 'lost'],
  ['hang', { kind: 'hang' }, 'lost'],
  ['hang after the work', { kind: 'hang', when: 'after-work' }, 'lost'],
  ['HTML', { kind: 'html' }, 'lost'],
  ['HTML after the work', { kind: 'html', when: 'after-work' }, 'lost'],
  ['truncated JSON', { kind: 'truncated' }, 'lost'],
  ['truncated JSON after the work', { kind: 'truncated', when: 'after-work' }, 'lost'],
  ['403', { kind: 'status', status: 403 }, 'misconfigured'],
  ['404', { kind: 'status', status: 404 }, 'misconfigured'],
  ['405', { kind: 'status', status: 405 }, 'misconfigured'],
  ['400', { kind: 'status', status: 400 }, 'refused'],
  ['422', { kind: 'status', status: 422 }, 'refused'],
];

/** What a caller is documented to get. */
export const MEMBER = {
  created: { __typename: 'CreatePaymentSessionSuccess' },
  sent: { __typename: 'SendPaymentRequestSuccess' },
  unavailable: { __typename: 'PaymentProviderUnavailableError', code: 'PROVIDER_UNAVAILABLE', retryAdvice: 'SAME_KEY' },
  misconfigured: {
    __typename: 'PaymentProviderUnavailableError',
    code: 'PROVIDER_MISCONFIGURED',
    retryAdvice: 'SAME_KEY',
  },
  rejected: { __typename: 'PaymentRejectedError', code: 'PROVIDER_REJECTED', retryAdvice: 'REVIEW_THEN_NEW_KEY' },
  unknown: { __typename: 'PaymentOutcomeUnknownError', code: 'OUTCOME_UNKNOWN', retryAdvice: 'NEVER' },
  storeUnavailable: {
    __typename: 'PaymentServiceUnavailableError',
    code: 'SERVICE_UNAVAILABLE',
    retryAdvice: 'SAME_KEY',
  },
} as const;

/** The member for a creation that meets one fault. */
export function createdDespite(endpoint: Endpoint, fault: Omit<Fault, 'endpoint'>, kind: Kind): object {
  if (endpoint === 'authorize' && fault.kind === 'unauthorized') return MEMBER.misconfigured;
  if (kind === 'misconfigured') return MEMBER.misconfigured;
  if (kind === 'refused') return endpoint === 'authorize' ? MEMBER.misconfigured : MEMBER.rejected;
  return MEMBER.created;
}

/** The member for a send that meets one fault. After the e-mail only success and unknown are left. */
export function sentDespite(endpoint: Endpoint, fault: Omit<Fault, 'endpoint'>, kind: Kind): object {
  if (endpoint === 'authorize' && fault.kind === 'unauthorized') return MEMBER.misconfigured;
  if (kind === 'harmless' || kind === 'not-executed') return MEMBER.sent;
  if (kind === 'lost') return endpoint === 'sendrequest' ? MEMBER.unknown : MEMBER.sent;
  if (endpoint === 'activate') return MEMBER.unknown;
  return createdDespite(endpoint, fault, kind);
}
