import type { Deadline } from '../../lib/deadline.js';
import { UNAVAILABLE } from '../../domain/outcome.js';
import type { ProviderOutcome } from '../../domain/outcome.js';
import type { PaymentDetails } from '../../domain/payment.js';
import type { StartPaymentResult } from '../../domain/payment-answer.js';
import type { Sensitive } from '../../domain/sensitive.js';
import { StoreUnavailableError } from '../../domain/store-unavailable.js';
import type { PayableSession, PayableSessions } from '../../flinks/payable-sessions.js';
import type { Logger } from '../../lib/logger.js';
import type { Attempt, AttemptResult } from '../../domain/idempotency-key.js';
import type { AttemptStore, FinishedAttempt } from '../../store/contracts/attempt-store.js';
import type { DeferredWrites } from './deferred-writes.js';
import { toResult } from './key-result.js';

/** With less than this part of its time left, an attempt sends no e-mail: the answer could hardly come in time. */
const MIN_SHARE_TO_SEND = 0.04;

const SERVICE_UNAVAILABLE = { kind: 'store-unavailable' } as const;
const RELEASED: AttemptResult = { kind: 'released', as: UNAVAILABLE };

/**
 * One attempt for a key: asks Flinks, and tells a caller nothing before the store has it. An answer that is undefined means
 * that another attempt has the key, and its result counts.
 */
export class AttemptRunner {
  constructor(
    private readonly sessions: Pick<PayableSessions, 'create' | 'send'>,
    private readonly store: Pick<AttemptStore, 'mark' | 'finish' | 'recordOrphans' | 'read'>,
    private readonly deferred: DeferredWrites,
    /** Of a whole mutation. */
    private readonly timeoutMs: number,
  ) {}

  async createLink(
    attempt: Attempt,
    order: PaymentDetails,
    deadline: Deadline,
    log: Logger,
  ): Promise<StartPaymentResult | undefined> {
    const { outcome, orphaned: orphaned } = await this.sessions.create(order, deadline, log);
    const unused = outcome.kind === 'done' ? [...orphaned, outcome.value.sessionId] : orphaned;
    try {
      const finished = await this.store.finish(attempt, toAttemptResult(outcome), orphaned);
      if (finished !== undefined) return toStartResult(finished, outcome);
      this.deferred.add(() => this.store.recordOrphans(attempt, unused));
      return undefined;
    } catch (error) {
      rethrowUnlessUnavailable(error);
      this.deferred.add(() => this.#releaseUnconfirmed(attempt, unused));
      return SERVICE_UNAVAILABLE;
    }
  }

  async sendEmail(
    attempt: Attempt,
    order: PaymentDetails,
    deadline: Deadline,
    log: Logger,
  ): Promise<StartPaymentResult | undefined> {
    const marker = new SendMarker(this.store, attempt);
    const outcome = await this.sessions.send(order, deadline, log, () =>
      deadline.remainingMs() < this.timeoutMs * MIN_SHARE_TO_SEND ? Promise.resolve(false) : marker.set(),
    );
    const result = toAttemptResult(outcome);
    // Without its mark nothing was sent, whatever was tried before it.
    if (marker.failed) return this.#respondUnavailable(attempt, result);
    try {
      const finished = await this.store.finish(attempt, result, []);
      if (finished !== undefined) return toStartResult(finished, outcome);
      // The one thing that others do to a marked attempt is to declare it unknown.
      return marker.isSet ? unknown(attempt) : undefined;
    } catch (error) {
      rethrowUnlessUnavailable(error);
      return mayHaveSent(result) ? this.#respondUnknown(attempt, result) : this.#respondUnavailable(attempt, result);
    }
  }

  /** What is told must hold: first UNKNOWN is written, which is never released, then what it came to. */
  #respondUnknown(attempt: Attempt, result: AttemptResult): StartPaymentResult {
    const first: AttemptResult = result.kind === 'unknown' ? result : { kind: 'unknown', sessionId: undefined };
    this.deferred.add(async () => {
      await this.store.finish(attempt, first, []);
      await this.store.finish(attempt, result, []);
    });
    return unknown(attempt);
  }

  #respondUnavailable(attempt: Attempt, result: AttemptResult): StartPaymentResult {
    this.deferred.add(() => this.store.finish(attempt, result, []));
    return SERVICE_UNAVAILABLE;
  }

  /** Releases a key whose result may have been written or not; if it was, the session is the payment's and not unused. */
  async #releaseUnconfirmed(attempt: Attempt, unused: readonly Sensitive<string>[]): Promise<void> {
    if ((await this.store.finish(attempt, RELEASED, unused)) !== undefined) return;
    const record = await this.store.read(attempt.payment);
    if (record?.state !== 'DONE' || record.attempt !== attempt.number) await this.store.recordOrphans(attempt, unused);
  }
}

/** The note that an e-mail is about to be sent, which has to be durable before each time that one could be. */
class SendMarker {
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
      rethrowUnlessUnavailable(error);
      this.failed = true;
      return false;
    }
  }
}

function toAttemptResult(outcome: ProviderOutcome<PayableSession>): AttemptResult {
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
function mayHaveSent({ kind }: AttemptResult): boolean {
  return kind === 'started' || kind === 'unknown';
}

function unknown({ payment }: Attempt): StartPaymentResult {
  return { kind: 'unknown', payment: { ...payment, status: 'OUTCOME_UNKNOWN' } };
}

function toStartResult(
  { state, payment }: FinishedAttempt,
  outcome: ProviderOutcome<PayableSession>,
): StartPaymentResult {
  const releasedAs = outcome.kind === 'unavailable' || outcome.kind === 'misconfigured' ? outcome : undefined;
  return toResult({ state, payment, releasedAs }, false);
}

function rethrowUnlessUnavailable(error: unknown): void {
  if (!(error instanceof StoreUnavailableError)) throw error;
}
