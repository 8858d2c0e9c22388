import { idKey } from '../../../domain/ids.js';
import type { Attempt, KeyTransition } from '../../../domain/idempotency-key.js';
import type { Sensitive } from '../../../domain/sensitive.js';
import type { DataKeys } from '../../encryption/data-keys.js';
import { seal, sessionIndexOf } from '../payment-rows.js';

/** The values of a transition. Sealed and indexed values of sessions left behind have a number. */
export type TransitionValues = {
  readonly paymentId: string;
  readonly attempt: number;
  readonly owner: string | null;
  readonly releasedAs: string | null;
  readonly sessionId: string | null;
  readonly sessionIndex: string | null;
  readonly requestId: string | null;
  readonly requestKey: string | null;
} & Readonly<Record<`orphan${number}` | `orphanIndex${number}`, string | null>>;

/** The values of a transition. `owner`: of the attempt, if it makes the transition. */
export function transitionValues(
  { number, payment: { id }, owner }: Pick<Attempt, 'number' | 'payment'> & { readonly owner: string | undefined },
  { releasedAs, payment, identifiedPayment = payment, orphaned = [] }: KeyTransition,
  keys: DataKeys,
): TransitionValues {
  const sealed = (sessionId: Sensitive<string> | undefined) => seal(keys, sessionId, 'session_id', id);
  const indexed = (sessionId: Sensitive<string> | undefined) => sessionId && sessionIndexOf(keys, sessionId);
  const { sessionId, paymentRequestId } = identifiedPayment ?? {};
  const values: TransitionValues = {
    paymentId: id,
    attempt: number,
    owner: owner ?? null,
    releasedAs: releasedAs === undefined ? null : JSON.stringify(releasedAs),
    sessionId: sealed(sessionId),
    sessionIndex: indexed(sessionId) ?? null,
    requestId: paymentRequestId ?? null,
    requestKey: paymentRequestId === undefined ? null : idKey(paymentRequestId),
  };
  const ofOrphans = orphaned.flatMap((orphan, place) => [
    [`orphan${place}`, sealed(orphan)],
    [`orphanIndex${place}`, indexed(orphan) ?? null],
  ]);
  return { ...values, ...(Object.fromEntries(ofOrphans) as object) };
}
