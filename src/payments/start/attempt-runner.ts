import type { Attempt, AttemptResult } from '../../domain/idempotency-key.js';
import { STORE_UNAVAILABLE, resultOf } from '../../domain/payment-results.js';
import type { StartPaymentResult } from '../../domain/payment-results.js';
import type { PaymentDetails } from '../../domain/payment.js';
import { UNAVAILABLE, toProviderUnavailable } from '../../domain/provider-result.js';
import type { ProviderResult } from '../../domain/provider-result.js';
import type { Sensitive } from '../../domain/sensitive.js';
import { orIfUnavailable } from '../../domain/store-unavailable.js';
import type { PayableSession, PayableSessions } from '../../flinks/payable-sessions.js';
import type { Deadline } from '../../lib/deadline.js';
import type { Logger } from '../../lib/logger.js';
import type { AttemptStore, FinishedAttempt } from '../../store/contracts/attempt-store.js';
import type { DeferredWrites } from './deferred-writes.js';

/** An attempt sends no e-mail with less than this share of its time left: the response could hardly arrive in time. */
const MIN_SHARE_TO_SEND = 0.04;

const RELEASED: AttemptResult = { kind: 'released', as: UNAVAILABLE };

/** The result of an attempt; undefined if another one has taken over the key, whose result counts. */
type Result = StartPaymentResult | undefined;

/** Runs one attempt for an idempotency key: calls Flinks, and reports no result before it is stored. */
export class AttemptRunner {
  constructor(
    private readonly sessions: Pick<PayableSessions, 'create' | 'send'>,
    private readonly store: Pick<AttemptStore, 'mark' | 'finish' | 'recordOrphans' | 'read'>,
    private readonly deferred: DeferredWrites,
    /** Timeout of the whole mutation, in milliseconds. */
    private readonly timeoutMs: number,
  ) {}

  /**
   * Creates a payable session for a link. Never resolves to `unknown`: no client received a session whose result could
   * not be stored, and it is recorded as orphaned. A failing store results in `store-unavailable`; other errors of the
   * store are thrown.
   */
  async createLink(attempt: Attempt, order: PaymentDetails, deadline: Deadline, log: Logger): Promise<Result> {
    const created = await this.sessions.create(order, deadline, log);
    const { orphaned } = created;
    const unused = created.result.kind === 'succeeded' ? [...orphaned, created.result.value.sessionId] : orphaned;
    const result = toAttemptResult(created.result);
    const finished = await orIfUnavailable(this.store.finish(attempt, result, orphaned), 'unavailable');
    if (finished === 'unavailable') {
      this.deferred.add(() => this.#releaseUnconfirmed(attempt, unused));
      return STORE_UNAVAILABLE;
    }
    if (finished !== undefined) return toStartResult(finished, result);
    this.deferred.add(() => this.store.recordOrphans(attempt, unused));
    return undefined;
  }

  /**
   * Has Flinks e-mail the payer. Resolves to `unknown` if an e-mail may have been sent and its outcome is not known or
   * not stored. A failing store results in `store-unavailable` only if no e-mail was sent; other errors of the store
   * are thrown.
   */
  async sendEmail(attempt: Attempt, order: PaymentDetails, deadline: Deadline, log: Logger): Promise<Result> {
    const marker = { isSet: false, hasFailed: false };
    // The marker has to be durable before each time that an e-mail could be sent.
    const setMarker = async (): Promise<boolean> => {
      if (deadline.remainingMs() < this.timeoutMs * MIN_SHARE_TO_SEND) return false;
      const isSet = await orIfUnavailable(this.store.mark(attempt), 'unavailable');
      marker.isSet ||= isSet === true;
      marker.hasFailed ||= isSet === 'unavailable';
      return isSet === true;
    };
    const result = toAttemptResult(await this.sessions.send(order, deadline, log, setMarker));
    // Without a send marker no e-mail was sent, by this call to Flinks or an earlier one.
    if (marker.hasFailed) return this.#respondUnavailable(attempt, result);
    const finished = await orIfUnavailable(this.store.finish(attempt, result, []), 'unavailable');
    if (finished === 'unavailable')
      return mayHaveSent(result) ? this.#respondUnknown(attempt, result) : this.#respondUnavailable(attempt, result);
    if (finished !== undefined) return toStartResult(finished, result);
    // All that others can do to an attempt with a send marker is to declare its outcome unknown.
    return marker.isSet ? unknown(attempt) : undefined;
  }

  /** A reported result must stay true: UNKNOWN, which is never released, is written before the actual result. */
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
    return STORE_UNAVAILABLE;
  }

  /** Releases a key whose result may have been written. If it was, the payment has the session: it is not orphaned. */
  async #releaseUnconfirmed(attempt: Attempt, unused: readonly Sensitive<string>[]): Promise<void> {
    if ((await this.store.finish(attempt, RELEASED, unused)) !== undefined) return;
    const record = await this.store.read(attempt.payment);
    if (record?.state !== 'DONE' || record.attempt !== attempt.number) await this.store.recordOrphans(attempt, unused);
  }
}

function toAttemptResult(result: ProviderResult<PayableSession>): AttemptResult {
  switch (result.kind) {
    case 'succeeded':
      return { kind: 'started', ...result.value };
    case 'rejected':
      return { kind: 'rejected' };
    case 'unknown':
      return { kind: 'unknown', sessionId: result.sessionId };
    case 'not-executed':
    case 'misconfigured':
      return { kind: 'released', as: toProviderUnavailable(result) };
  }
}

/**
 * Whether an e-mail may have been sent. If not, UNKNOWN must not be reported: the actual result may be written already,
 * and a retry would continue from it.
 */
const mayHaveSent = ({ kind }: AttemptResult): boolean => kind === 'started' || kind === 'unknown';

function unknown({ payment }: Attempt): StartPaymentResult {
  return { kind: 'unknown', payment: { ...payment, status: 'OUTCOME_UNKNOWN' } };
}

function toStartResult({ state, payment }: FinishedAttempt, result: AttemptResult): StartPaymentResult {
  const releasedAs = result.kind === 'released' ? result.as : undefined;
  return resultOf({ state, payment, releasedAs }, { replayed: false });
}
