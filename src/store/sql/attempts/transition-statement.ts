import { sql } from 'kysely';
import type { SqlBool, Expression } from 'kysely';
import type { KeyState, KeyTransition } from '../../../domain/idempotency-key.js';
import { isFinal } from '../../../domain/payment-status.js';
import type { PaymentSessionStatus } from '../../../domain/payment-status.js';
import { isUnreadable } from '../../../domain/payment.js';
import type { ConditionalWrite } from '../../database/conditional-write.js';
import type { Database } from '../../database/database.js';
import type { Placeholders } from '../../database/statement.js';
import { insertOrphans, movePayment, recordFlinksIds } from './dependent-writes.js';
import type { TransitionValues } from './transition-values.js';

/** Who makes a transition, and when. */
export interface TransitionMaker {
  /** States in which the key may be. */
  readonly from: readonly KeyState[];
  /** The attempt that holds the key, or anyone, after its lease or at any time. */
  readonly by: 'owner' | 'anyone-after-lease' | 'anyone';
}

/** What distinguishes the statement of one transition from those of others. */
export interface TransitionKind extends TransitionMaker {
  readonly to: KeyState;
  /** The payment's new status; undefined if it does not change. */
  readonly status: PaymentSessionStatus | undefined;
  /** Whether the payment gets an id of Flinks together with its status. */
  readonly hasFlinksId: boolean;
  /** The payment has a session id that this replica cannot decrypt, and keeps it. */
  readonly keepsSession: boolean;
  /** Only ids arrive, for a payment that a status update has already changed. */
  readonly isIdentification: boolean;
  /** For each session left behind, whether its id is known. */
  readonly orphaned: readonly boolean[];
}

type Values = Placeholders<TransitionValues>;

/** The kind of a transition. */
export function kindOf(
  { to, payment, identifiedPayment, orphaned = [] }: KeyTransition,
  { from, by }: TransitionMaker,
): TransitionKind {
  const changed = payment ?? identifiedPayment;
  return {
    ...{ from, by, to },
    status: payment?.status,
    hasFlinksId: (payment?.sessionId ?? payment?.paymentRequestId) !== undefined,
    keepsSession: changed !== undefined && changed.sessionId === undefined && isUnreadable(changed, 'sessionId'),
    isIdentification: identifiedPayment !== undefined,
    orphaned: orphaned.map((sessionId) => sessionId !== undefined),
  };
}

/** A transition of a key with everything that is written only if it takes place. */
export function transitionStatement(
  database: Database,
  kind: TransitionKind,
  checkAfterMs: number,
): ConditionalWrite<TransitionValues> {
  const { to, status, isIdentification, orphaned } = kind;
  return {
    guard: (values) => {
      const isClosed = to === 'RELEASED' || (status !== undefined && isFinal(status));
      return keyUpdate(database, values)
        .set({ state: to, released_as: values.releasedAs })
        .$if(!isIdentification, (update) => update.set({ closed_at: isClosed ? database.nowMs : null }))
        .where('state', 'in', kind.from)
        .where(isAllowed(database, values, kind));
    },
    dependents: (values, guard) => [
      ...(status === undefined ? [] : movePayment(values, { ...kind, status, checkAfterMs }, guard)),
      ...(isIdentification ? recordFlinksIds(values, kind, guard) : []),
      ...insertOrphans(values, orphaned, guard),
    ],
  };
}

/** An update of a key for one of its attempts, which returns its time. */
export function keyUpdate({ kysely, nowMs }: Database, { paymentId, attempt }: Pick<Values, 'paymentId' | 'attempt'>) {
  return kysely
    .updateTable('idempotency_keys')
    .where('payment_session_id', '=', paymentId)
    .where('attempt', '=', attempt)
    .returning(nowMs.as('at'));
}

function isAllowed({ nowMs }: Database, values: Values, { by, isIdentification }: TransitionKind): Expression<SqlBool> {
  const { owner, paymentId } = values;
  if (by === 'anyone') return sql<boolean>`true`;
  if (by === 'anyone-after-lease') return sql<boolean>`lease_until <= ${nowMs}`;
  if (!isIdentification) return sql<boolean>`owner = ${owner}`;
  return sql<boolean>`owner = ${owner} and exists (select 1 from payment_sessions where id = ${paymentId}
    and session_id is null and at_flinks_since is not null)`;
}
