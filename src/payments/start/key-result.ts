import { UNAVAILABLE } from '../../domain/outcome.js';
import type { StartPaymentResult } from '../../domain/payment-answer.js';
import type { KeyRecord, ConcludedState } from '../../domain/idempotency-key.js';

/** A key that no attempt is under way for. */
type ConcludedKey = Pick<KeyRecord, 'payment' | 'releasedAs'> & {
  readonly state: ConcludedState;
};

export function isConcluded(key: KeyRecord): key is KeyRecord & ConcludedKey {
  return key.state !== 'CLAIMED' && key.state !== 'MARKED';
}

/** What a settled key says. */
export function toResult({ state, payment, releasedAs }: ConcludedKey, replayed: boolean): StartPaymentResult {
  switch (state) {
    case 'DONE':
      return { kind: 'done', payment, replayed };
    case 'REFUSED':
      return { kind: 'refused' };
    case 'UNKNOWN':
      return { kind: 'unknown', payment };
    case 'RELEASED':
      return releasedAs ?? UNAVAILABLE;
  }
}
