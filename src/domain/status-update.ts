import type { PaymentSessionEventSource } from './payment.js';
import type { PaymentIdentity } from './payment-mismatch.js';
import type { PaymentSessionStatus } from './payment-status.js';
import type { Sensitive } from './sensitive.js';

/** A report of a payment's status, from any source. */
export interface StatusUpdate {
  readonly source: PaymentSessionEventSource;
  /** Undefined: Flinks reported an undocumented status, or none. The payment keeps its status. */
  readonly status: PaymentSessionStatus | undefined;
  /** Further information from the source, such as a code; free of personal data. */
  readonly details: string | undefined;
  /** The person who reported the status, or the client whose request led to it. */
  readonly actor?: string | undefined;
  /** Everything the source said about the payment's identity; undefined for updates from this gateway or a person. */
  readonly identity?: PaymentIdentity | undefined;
  /** Flinks's ids, where they are proven to be the payment's. Ids that the payment already has are kept. */
  readonly paymentRequestId?: string | undefined;
  readonly sessionId?: Sensitive<string> | undefined;
  /** Set after a lookup: in how many milliseconds to look the payment up again if it is still open. */
  readonly nextCheckInMs?: number | undefined;
  /** Apply the update only while the payment has this status. */
  readonly onlyIf?: PaymentSessionStatus | undefined;
  /** The day, as YYYY-MM-DD, whose daily file reported the status. */
  readonly reconciledOn?: string | undefined;
}
