import type { Logger } from '../../../lib/logger.js';
import type { Registration } from './registration.js';

/** One result of a subscription, and the number of the event that led to it. FAILED: the last one, by which it ended. */
export type SourceResult =
  | { readonly kind: 'next'; readonly payload: object; readonly event: number }
  | { readonly kind: 'failed'; readonly errors: readonly object[] };

/** The results of a subscription, one after the other as they are asked for. */
export interface SubscriptionSource {
  /** Undefined when it is over. */
  next(): Promise<SourceResult | undefined>;
  /** Ends it, also while somebody waits for its next result. */
  end(): Promise<unknown>;
}

/** Why a subscription did not begin, as callers are told. */
export interface SubscribeFailure {
  readonly errors: readonly { readonly message: string; readonly extensions?: Readonly<Record<string, unknown>> }[];
}

/** Begins a subscription after an event that was told. */
export type ResumeSubscription = (
  registration: Registration,
  afterEvent: number,
  log: Logger,
) => Promise<SubscriptionSource | SubscribeFailure>;
