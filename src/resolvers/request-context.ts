import type { ApiClient } from '../domain/api-client.js';
import type { Logger } from '../lib/logger.js';
import type { PaymentLoaders } from '../payments/payment-loaders.js';
import type { PaymentUpdates } from '../payments/payment-updates.js';

/** The GraphQL context of one operation. */
export interface RequestContext {
  /** Generated here or taken from the router; in every log line, in `x-request-id` and in every error. */
  readonly requestId: string;
  /** Adds the request id to each line. */
  readonly log: Logger;
  /** The client that sent the operation. Payments and idempotency keys belong to it. */
  readonly client: ApiClient;
  /** Whether the client's credentials are still valid, for operations that last. */
  readonly isClientCurrent: () => Promise<boolean>;
  /** Batches the reads of one operation. */
  readonly loaders: PaymentLoaders;
  /** Updates of payments, for subscriptions, which receive nothing but the context. */
  readonly paymentUpdates: Pick<PaymentUpdates, 'subscribe'>;
}
