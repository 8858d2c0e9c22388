import type { Mismatch } from '../../domain/payment-mismatch.js';
import { isUnreadable } from '../../domain/payment.js';
import type { PaymentSessionEventSource, PaymentSession } from '../../domain/payment.js';
import type { StatusUpdate, StatusStore, StatusUpdateResult } from '../../store/contracts/status-store.js';
import { redactMessage } from '../../flinks/redaction.js';
import type { Logger } from '../../lib/logger.js';

/** A status update as reported, before its texts are redacted. */
export interface RawStatusUpdate extends StatusUpdate {
  /** The status as Flinks spells it; used as details if `status` is undefined because it is unrecognized. */
  readonly providerStatus?: string | undefined;
}

/** Called with the effect of every status update; must not throw. */
export type StatusUpdateObserver = (source: PaymentSessionEventSource, effect: StatusUpdateResult['effect']) => void;

/** Applies status updates of a payment from every source: lookups, webhooks, daily files and operators. */
export class ApplyStatusUpdate {
  readonly #unrecognizedStatuses = new Set<string>();

  constructor(
    private readonly store: Pick<StatusStore, 'apply' | 'noteMismatch'>,
    private readonly observe: StatusUpdateObserver,
    private readonly log: Logger,
  ) {}

  /**
   * Applies one status update. In: the payment and what was reported about it; texts of Flinks are redacted here. Out:
   * the effect and the payment as it is then, or undefined if no call to Flinks has been made for the payment yet. A
   * mismatch is rejected as by `reject`. Throws `StoreUnavailableError`.
   */
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
    const fields = { paymentId: payment.id, source: update.source, status: update.status, effect: result.effect };
    if (result.effect === 'applied')
      this.log.info({ event: 'payment_status_updated', ...fields }, 'payment status updated');
    if (result.effect === 'overridden' || result.effect === 'conflicting')
      this.log.warn({ event: 'payment_status_conflicting', ...fields }, 'conflicting status from Flinks');
    return result;
  }

  /** Rejects an update that contradicts its payment; operators see the mismatch. Throws `StoreUnavailableError`. */
  async reject(
    payment: PaymentSession,
    source: PaymentSessionEventSource,
    mismatch: Mismatch,
  ): Promise<StatusUpdateResult> {
    const isNew = await this.store.noteMismatch(payment.id, source, mismatch);
    this.observe(source, 'mismatched');
    const fields = { event: 'payment_mismatch_detected', paymentId: payment.id, source, field: mismatch.field };
    if (isNew) this.log.error(fields, 'status update contradicts the payment: nothing of it was applied');
    return { effect: 'mismatched', payment, mismatch };
  }

  #logOnce(providerStatus: string): void {
    if (this.#unrecognizedStatuses.has(providerStatus) || this.#unrecognizedStatuses.size > 1_000) return;
    this.#unrecognizedStatuses.add(providerStatus);
    const fields = { event: 'provider_status_unrecognized', providerStatus };
    this.log.warn(fields, 'unrecognized provider status: payments keep their status');
  }
}

/** Returns undefined if nothing is left of the message, or if the personal data to remove cannot be decrypted. */
function redact(message: string, payment: PaymentSession): string | undefined {
  if (isUnreadable(payment, 'name', 'email', 'sessionId')) return undefined;
  const { customer, sessionId } = payment;
  const personalData = [customer.name, customer.email, sessionId].filter((each) => each !== undefined);
  const redacted = redactMessage(message, personalData);
  return redacted === '' ? undefined : redacted;
}
