import { UNAVAILABLE } from '../../domain/provider-result.js';
import type { StartPaymentResult } from '../../domain/payment-results.js';
import type { KeyRecord, ConcludedState } from '../../domain/idempotency-key.js';

/** A key without an attempt in progress. */
type ConcludedKey = Pick<KeyRecord, 'payment' | 'releasedAs'> & {
  readonly state: ConcludedState;
};

/** Whether no attempt is in progress for this key. */
export function isConcluded(key: KeyRecord): key is KeyRecord & ConcludedKey {
  return key.state !== 'CLAIMED' && key.state !== 'MARKED';
}

/** The result of a concluded key. `replayed`: another call concluded it. */
export function toResult({ state, payment, releasedAs }: ConcludedKey, replayed: boolean): StartPaymentResult {
  switch (state) {
    case 'DONE':
      return { kind: 'succeeded', payment, replayed };
    case 'REFUSED':
      return { kind: 'rejected' };
    case 'UNKNOWN':
      return { kind: 'unknown', payment };
    case 'RELEASED':
      return releasedAs ?? UNAVAILABLE;
  }
}
