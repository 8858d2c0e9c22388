import { UNAVAILABLE } from '../domain/outcome.js';
import type { PaymentAnswer } from '../domain/payment-answer.js';
import type { KeyRecord, SettledState } from '../store/store.js';

/** A key that no attempt is under way for. */
type Settled = Pick<KeyRecord, 'payment' | 'releasedAs'> & {
  readonly state: SettledState;
};

export function isSettled(key: KeyRecord): key is KeyRecord & Settled {
  return key.state !== 'CLAIMED' && key.state !== 'MARKED';
}

/** What a settled key says. */
export function answerOf({ state, payment, releasedAs }: Settled, replayed: boolean): PaymentAnswer {
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
