import type { PaymentSessionEventSource } from './payment.js';
import type { PaymentIdentity } from './payment-mismatch.js';
import type { PaymentSessionStatus } from './payment-status.js';
import type { Sensitive } from './sensitive.js';

/** What was told of how a payment stands, from wherever. */
export interface StatusUpdate {
  readonly source: PaymentSessionEventSource;
  /** Undefined: Flinks used a word that is in no document, or told none. The payment keeps its status. */
  readonly status: PaymentSessionStatus | undefined;
  /** What else was told, such as a code; free of personal data. */
  readonly details: string | undefined;
  /** Who told, where that is a person, or the caller that had it done. */
  readonly actor?: string | undefined;
  /** All that was told of whose news they are; undefined for news that this program or a person tells. */
  readonly identity?: PaymentIdentity | undefined;
  /** Flinks's ids, where it is proven that they are the payment's. What the payment has already stays. */
  readonly paymentRequestId?: string | undefined;
  readonly sessionId?: Sensitive<string> | undefined;
  /** Set when Flinks was asked: in how many milliseconds to ask again, should the payment still be open. */
  readonly nextCheckInMs?: number | undefined;
  /** Taken only while the payment has this status. */
  readonly onlyIf?: PaymentSessionStatus | undefined;
  /** The day, as YYYY-MM-DD, whose file told it. */
  readonly reconciledOn?: string | undefined;
}
