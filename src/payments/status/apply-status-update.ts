import type { StatusUpdate } from '../../domain/status-update.js';
import { isUnreadable } from '../../domain/payment.js';
import type { PaymentSessionEventSource, PaymentSession } from '../../domain/payment.js';
import type { Mismatch } from '../../domain/payment-mismatch.js';
import { redactMessage } from '../../flinks/redaction.js';
import type { Logger } from '../../lib/logger.js';
import type { StatusStore, StatusUpdateResult } from '../../store/contracts/status-store.js';

/** What was told of a payment, in the words in which it was told. */
export interface RawStatusUpdate extends StatusUpdate {
  /** Flinks's word for the status, where `status` has none for it. */
  readonly providerStatus?: string | undefined;
}

/** Told of what each piece of news did; must not throw. */
export type StatusUpdateObserver = (source: PaymentSessionEventSource, effect: StatusUpdateResult['effect']) => void;

/** The one way by which news of a payment come in, from a lookup, a webhook, a daily file or a person. */
export class ApplyStatusUpdate {
  readonly #unrecognizedStatuses = new Set<string>();

  constructor(
    private readonly store: Pick<StatusStore, 'apply' | 'noteMismatch'>,
    private readonly observe: StatusUpdateObserver,
    private readonly log: Logger,
  ) {}

  /** Undefined for a payment that no call to Flinks was made for yet. Throws `StoreUnavailable`. */
  async apply(
    payment: PaymentSession,
    { providerStatus, ...update }: RawStatusUpdate,
  ): Promise<StatusUpdateResult | undefined> {
    const message = update.status === undefined ? (providerStatus ?? update.details) : update.details;
    const details = message === undefined ? undefined : redact(message, payment);
    const result = await this.store.apply(payment.id, { ...update, details });
    if (result === undefined) return undefined;
    if (result.mismatch !== undefined) return this.reject(result.payment, update.source, result.mismatch);
    this.observe(update.source, result.effect);
    if (result.effect === 'unrecognized' && details !== undefined) this.#logOnce(details);
    const line = { paymentId: payment.id, source: update.source, status: update.status, effect: result.effect };
    if (result.effect === 'applied') this.log.info(line, 'the payment moved');
    if (result.effect === 'overridden' || result.effect === 'conflicting')
      this.log.warn(line, 'words of Flinks contradict each other');
    return result;
  }

  /** Takes nothing of what was told of a payment, since some of it cannot be true of it; keeps that for operators. */
  async reject(
    payment: PaymentSession,
    source: PaymentSessionEventSource,
    mismatch: Mismatch,
  ): Promise<StatusUpdateResult> {
    const isNew = await this.store.noteMismatch(payment.id, source, mismatch);
    this.observe(source, 'mismatched');
    const line = { paymentId: payment.id, source, field: mismatch.field };
    if (isNew) this.log.error(line, 'what Flinks told of a payment is of another one; nothing of it was taken');
    return { effect: 'mismatched', payment, mismatch };
  }

  #logOnce(providerStatus: string): void {
    if (this.#unrecognizedStatuses.has(providerStatus) || this.#unrecognizedStatuses.size > 1_000) return;
    this.#unrecognizedStatuses.add(providerStatus);
    this.log.warn({ providerStatus }, 'a status that is in no document; payments keep the one they have');
  }
}

/** Undefined where nothing is left of them, or where what to take out cannot be read. */
function redact(message: string, payment: PaymentSession): string | undefined {
  if (isUnreadable(payment, 'name', 'email', 'sessionId')) return undefined;
  const cleaned = redactMessage(message, personalDataOf(payment));
  return cleaned === '' ? undefined : cleaned;
}

function personalDataOf({ customer, sessionId }: PaymentSession) {
  return [customer.name, customer.email, sessionId].filter((each) => each !== undefined);
}
