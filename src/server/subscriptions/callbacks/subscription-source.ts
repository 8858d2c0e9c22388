import type { Logger } from '../../../lib/logger.js';
import type { Registration } from './registration.js';

/** One result of a subscription, and the number of the event that led to it. FAILED: the last one, by which it ended. */
export type Told =
  | { readonly kind: 'next'; readonly payload: object; readonly event: number }
  | { readonly kind: 'failed'; readonly errors: readonly object[] };

/** The results of a subscription, one after the other as they are asked for. */
export interface Telling {
  /** Undefined when it is over. */
  next(): Promise<Told | undefined>;
  /** Ends it, also while somebody waits for its next result. */
  end(): Promise<unknown>;
}

/** Why a subscription did not begin, as callers are told. */
export interface NotBegun {
  readonly errors: readonly { readonly message: string; readonly extensions?: Readonly<Record<string, unknown>> }[];
}

/** Begins a subscription after an event that was told. */
export type Begin = (registration: Registration, afterEvent: number, log: Logger) => Promise<Telling | NotBegun>;
