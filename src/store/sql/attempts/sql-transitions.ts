import type { Attempt, KeyTransition } from '../../../domain/idempotency-key.js';
import type { PreparedWrite } from '../../database/conditional-write.js';
import type { Database } from '../../database/database.js';
import type { DataKeys } from '../../encryption/data-keys.js';
import { fromNow } from '../sql-store.js';
import { keyUpdate, kindOf, transitionStatement } from './transition-statement.js';
import type { TransitionKind, TransitionMaker } from './transition-statement.js';
import { transitionValues } from './transition-values.js';
import type { TransitionValues } from './transition-values.js';

/** The time of a transition; absent when the key was not in the required state. */
interface TransitionRow {
  readonly at: number;
}

/** Identifies an attempt of a key. */
interface AttemptValues {
  readonly paymentId: string;
  /** The number of the attempt, or of the one before it. */
  readonly attempt: number;
  readonly owner: string;
}

/** The transitions of keys. Each kind is a statement that is built when it is first needed. */
export class SqlTransitions {
  readonly #applications = new Map<string, PreparedWrite<TransitionValues, TransitionRow>>();
  readonly #mark: PreparedWrite<AttemptValues, TransitionRow>;
  readonly #reclaim: PreparedWrite<AttemptValues, TransitionRow>;

  constructor(
    private readonly database: Database,
    private readonly keys: DataKeys,
    leaseMs: number,
    private readonly checkAfterMs: number,
  ) {
    this.#mark = database.prepareWrite({
      guard: (values) =>
        keyUpdate(database, values)
          .set({ state: 'MARKED' })
          .where('owner', '=', values.owner)
          .where('state', 'in', ['CLAIMED', 'MARKED'])
          .where('lease_until', '>', database.nowMs),
    });
    this.#reclaim = database.prepareWrite({
      guard: (values) =>
        keyUpdate(database, values)
          .set((update) => ({
            state: 'CLAIMED',
            attempt: update('attempt', '+', 1),
            owner: values.owner,
            lease_until: fromNow(database, leaseMs),
            closed_at: null,
          }))
          .where('state', '=', 'RELEASED'),
    });
  }

  /** Writes the send marker of an attempt. False when it has lost its key. */
  async mark({ payment, number, owner }: Attempt): Promise<boolean> {
    return isWritten(await this.#mark.run({ paymentId: payment.id, attempt: number, owner }));
  }

  /** Begins the next attempt of a released key. False when another request was faster. */
  async reclaim({ payment, number, owner }: Attempt): Promise<boolean> {
    return isWritten(await this.#reclaim.run({ paymentId: payment.id, attempt: number - 1, owner }));
  }

  /** Applies a transition. Returns its time; undefined when the key was not in the required state. */
  async apply(
    attempt: Pick<Attempt, 'number' | 'payment'> & { readonly owner: string | undefined },
    transition: KeyTransition,
    maker: TransitionMaker,
  ): Promise<number | undefined> {
    const write = this.#applicationOf(kindOf(transition, maker));
    const { at } = await write.run(transitionValues(attempt, transition, this.keys));
    return at ?? undefined;
  }

  #applicationOf(kind: TransitionKind): PreparedWrite<TransitionValues, TransitionRow> {
    const name = JSON.stringify(kind);
    const write =
      this.#applications.get(name) ??
      this.database.prepareWrite<TransitionValues, TransitionRow>(
        transitionStatement(this.database, kind, this.checkAfterMs),
      );
    this.#applications.set(name, write);
    return write;
  }
}

function isWritten({ at }: Partial<TransitionRow>): boolean {
  return (at ?? undefined) !== undefined;
}
