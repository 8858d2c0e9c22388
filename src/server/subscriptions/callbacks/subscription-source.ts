import type { Logger } from '../../../lib/logger.js';
import type { Registration } from './registration.js';

/** One result of a subscription, with the number of the event that led to it. `failed` is the last one. */
export type SourceResult =
  | { readonly kind: 'next'; readonly payload: object; readonly event: number }
  | { readonly kind: 'failed'; readonly errors: readonly object[] };

/** Yields the results of a subscription one by one, on request. */
export interface SubscriptionSource {
  /** The next result; undefined after the end. */
  next(): Promise<SourceResult | undefined>;
  /** Ends the subscription, also while a call of `next` is pending. */
  end(): Promise<unknown>;
}

/** Why a subscription did not start, as formatted errors. */
export interface SubscribeFailure {
  /** Entries of `errors[]`. */
  readonly errors: readonly { readonly message: string; readonly extensions?: Readonly<Record<string, unknown>> }[];
}

/** Starts a subscription from the first event after `afterEvent`. */
export type ResumeSubscription = (
  registration: Registration,
  afterEvent: number,
  log: Logger,
) => Promise<SubscriptionSource | SubscribeFailure>;
