import type { Deadline } from '../deadline.js';
import { UNAVAILABLE } from '../domain/outcome.js';
import type { Outcome } from '../domain/outcome.js';
import type { PaymentOrder } from '../domain/payment.js';
import type { PaymentAnswer } from '../domain/payment-answer.js';
import type { Sensitive } from '../domain/sensitive.js';
import { StoreUnavailable } from '../domain/store-unavailable.js';
import type { PayableSession, PayableSessions } from '../flinks/payable-sessions.js';
import type { Logger } from '../log.js';
import type { Attempt, AttemptResult, AttemptStore, Finished } from '../store/store.js';
import type { LateWrites } from './late-writes.js';
import { answerOf } from './settled.js';

/** With less than this part of its time left, an attempt sends no e-mail: the answer could hardly come in time. */
const LEAST_SHARE_TO_SEND = 0.04;

const SERVICE_UNAVAILABLE = { kind: 'store-unavailable' } as const;
const RELEASED: AttemptResult = { kind: 'released', as: UNAVAILABLE };

/**
 * One attempt for a key: asks Flinks, and tells a caller nothing before the store has it. An answer that is undefined means
 * that another attempt has the key, and its result counts.
 */
export class PaymentAttempts {
  constructor(
    private readonly sessions: Pick<PayableSessions, 'create' | 'send'>,
    private readonly store: Pick<AttemptStore, 'mark' | 'finish' | 'abandon' | 'read'>,
    private readonly late: LateWrites,
    /** Of a whole mutation. */
    private readonly timeoutMs: number,
  ) {}

  async byLink(
    attempt: Attempt,
    order: PaymentOrder,
    deadline: Deadline,
    log: Logger,
  ): Promise<PaymentAnswer | undefined> {
    const { outcome, orphaned: left } = await this.sessions.create(order, deadline, log);
    const unused = outcome.kind === 'done' ? [...left, outcome.value.sessionId] : left;
    try {
      const finished = await this.store.finish(attempt, resultOf(outcome), left);
      if (finished !== undefined) return answer(finished, outcome);
      this.late.add(() => this.store.abandon(attempt, unused));
      return undefined;
    } catch (error) {
      refuseFaults(error);
      this.late.add(() => this.#takeBack(attempt, unused));
      return SERVICE_UNAVAILABLE;
    }
  }

  async byEmail(
    attempt: Attempt,
    order: PaymentOrder,
    deadline: Deadline,
    log: Logger,
  ): Promise<PaymentAnswer | undefined> {
    const mark = new Mark(this.store, attempt);
    const outcome = await this.sessions.send(order, deadline, log, () =>
      deadline.remainingMs() < this.timeoutMs * LEAST_SHARE_TO_SEND ? Promise.resolve(false) : mark.set(),
    );
    const result = resultOf(outcome);
    // Without its mark nothing was sent, whatever was tried before it.
    if (mark.failed) return this.#tellUnavailable(attempt, result);
    try {
      const finished = await this.store.finish(attempt, result, []);
      if (finished !== undefined) return answer(finished, outcome);
      // The one thing that others do to a marked attempt is to declare it unknown.
      return mark.isSet ? unknown(attempt) : undefined;
    } catch (error) {
      refuseFaults(error);
      return mayBeSent(result) ? this.#tellUnknown(attempt, result) : this.#tellUnavailable(attempt, result);
    }
  }

  /** What is told must hold: first UNKNOWN is written, which is never released, then what it came to. */
  #tellUnknown(attempt: Attempt, result: AttemptResult): PaymentAnswer {
    const first: AttemptResult = result.kind === 'unknown' ? result : { kind: 'unknown', sessionId: undefined };
    this.late.add(async () => {
      await this.store.finish(attempt, first, []);
      await this.store.finish(attempt, result, []);
    });
    return unknown(attempt);
  }

  #tellUnavailable(attempt: Attempt, result: AttemptResult): PaymentAnswer {
    this.late.add(() => this.store.finish(attempt, result, []));
    return SERVICE_UNAVAILABLE;
  }

  /** Releases a key whose result may have been written or not; if it was, the session is the payment's and not unused. */
  async #takeBack(attempt: Attempt, unused: readonly Sensitive<string>[]): Promise<void> {
    if ((await this.store.finish(attempt, RELEASED, unused)) !== undefined) return;
    const record = await this.store.read(attempt.payment);
    if (record?.state !== 'DONE' || record.attempt !== attempt.number) await this.store.abandon(attempt, unused);
  }
}

/** The note that an e-mail is about to be sent, which has to be durable before each time that one could be. */
class Mark {
  isSet = false;
  /** The store did not take it, as far as is known. */
  failed = false;

  constructor(
    private readonly store: Pick<AttemptStore, 'mark'>,
    private readonly attempt: Attempt,
  ) {}

  async set(): Promise<boolean> {
    try {
      const set = await this.store.mark(this.attempt);
      this.isSet ||= set;
      return set;
    } catch (error) {
      refuseFaults(error);
      this.failed = true;
      return false;
    }
  }
}

function resultOf(outcome: Outcome<PayableSession>): AttemptResult {
  switch (outcome.kind) {
    case 'done':
      return { kind: 'started', ...outcome.value };
    case 'refused':
    case 'unknown':
      return outcome;
    case 'unavailable':
    case 'misconfigured':
      return { kind: 'released', as: outcome };
  }
}

/** Whether an e-mail may be out. If not, UNKNOWN must not be told: the result may be written, and a repeat go on from it. */
function mayBeSent({ kind }: AttemptResult): boolean {
  return kind === 'started' || kind === 'unknown';
}

function unknown({ payment }: Attempt): PaymentAnswer {
  return { kind: 'unknown', payment: { ...payment, status: 'OUTCOME_UNKNOWN' } };
}

function answer({ state, payment }: Finished, outcome: Outcome<PayableSession>): PaymentAnswer {
  const releasedAs = outcome.kind === 'unavailable' || outcome.kind === 'misconfigured' ? outcome : undefined;
  return answerOf({ state, payment, releasedAs }, false);
}

function refuseFaults(error: unknown): void {
  if (!(error instanceof StoreUnavailable)) throw error;
}
