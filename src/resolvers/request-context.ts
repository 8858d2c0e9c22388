import type { ApiClient } from '../domain/api-client.js';
import type { Logger } from '../lib/logger.js';
import type { PaymentLoaders } from '../payments/payment-loaders.js';
import type { PaymentUpdates } from '../payments/payment-updates.js';

/** What belongs to one operation. */
export interface RequestContext {
  /** Made here or taken from the router; stands in the log, in `x-request-id` and in every error. */
  readonly requestId: string;
  /** Writes the request id with every line. */
  readonly log: Logger;
  /** Who asks. Keys and payments belong to a caller. */
  readonly client: ApiClient;
  /** Whether the caller still is who it was: for what goes on for long. */
  readonly isClientCurrent: () => Promise<boolean>;
  readonly loaders: PaymentLoaders;
  /** For subscriptions, which are given nothing but their context. */
  readonly paymentUpdates: Pick<PaymentUpdates, 'subscribe'>;
}
