import type { Endpoint, Fault } from './sandbox.js';

/** How one fault affects the call in which it occurs. */
type FaultEffect = 'harmless' | 'not-executed' | 'lost' | 'misconfigured' | 'rejected';

/** Every fault of a single call, except for a connection that cannot be opened. */
export const FAULTS: readonly (readonly [label: string, fault: Omit<Fault, 'endpoint'>, effect: FaultEffect])[] = [
  ['slow', { kind: 'slow', delayMs: 100 }, 'harmless'],
  ['slow after the work', { kind: 'slow', delayMs: 100, when: 'after-work' }, 'harmless'],
  ['401 for a valid token', { kind: 'unauthorized' }, 'harmless'],
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
  ['400', { kind: 'status', status: 400 }, 'rejected'],
  ['422', { kind: 'status', status: 422 }, 'rejected'],
];

/** The documented results, as members of the result unions. */
export const EXPECTED_RESULTS = {
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

/** The documented result of a creation with one fault. */
export function expectedCreation(endpoint: Endpoint, fault: Omit<Fault, 'endpoint'>, effect: FaultEffect): object {
  if (endpoint === 'authorize' && fault.kind === 'unauthorized') return EXPECTED_RESULTS.misconfigured;
  if (effect === 'misconfigured') return EXPECTED_RESULTS.misconfigured;
  if (effect === 'rejected')
    return endpoint === 'authorize' ? EXPECTED_RESULTS.misconfigured : EXPECTED_RESULTS.rejected;
  return EXPECTED_RESULTS.created;
}

/** The documented result of a send with one fault. Once the e-mail may have been sent, it is success or unknown. */
export function expectedSend(endpoint: Endpoint, fault: Omit<Fault, 'endpoint'>, effect: FaultEffect): object {
  if (endpoint === 'authorize' && fault.kind === 'unauthorized') return EXPECTED_RESULTS.misconfigured;
  if (effect === 'harmless' || effect === 'not-executed') return EXPECTED_RESULTS.sent;
  if (effect === 'lost') return endpoint === 'sendrequest' ? EXPECTED_RESULTS.unknown : EXPECTED_RESULTS.sent;
  if (endpoint === 'activate') return EXPECTED_RESULTS.unknown;
  return expectedCreation(endpoint, fault, effect);
}
