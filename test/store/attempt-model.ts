import type { RateLimit } from '../../src/domain/rate-limits.js';
import type { PaymentDeliveryMethod } from '../../src/domain/payment.js';
import type { AttemptResult, KeyState } from '../../src/domain/idempotency-key.js';

export type Kind = AttemptResult['kind'];

export interface ModelAttempt {
  readonly key: string;
  readonly number: number;
  readonly owner: number;
}

/** A claim that was limited. */
export interface ModelLimited {
  readonly retryAfterMs: number;
}

/** The visible state of a key. */
export interface View {
  /** The operation that claimed the key. The key is one intention, whichever operation sends it. */
  readonly operation: PaymentDeliveryMethod;
  readonly state: KeyState;
  readonly attempt: number;
  readonly isLeaseExpired: boolean;
  readonly events: readonly string[];
}

interface Row extends Omit<View, 'isLeaseExpired'> {
  readonly owner: number;
  readonly leaseUntilMs: number;
}

/** The state and events after each result in each state. Results without an entry are not accepted. A release adds no event. */
const STEPS: Record<Kind, Partial<Record<KeyState, readonly [KeyState, ...string[]]>>> = {
  started: { CLAIMED: ['DONE', 'INITIATED'], MARKED: ['DONE', 'INITIATED'], UNKNOWN: ['DONE', 'INITIATED'] },
  rejected: { CLAIMED: ['REFUSED', 'FAILED'], MARKED: ['REFUSED', 'FAILED'], UNKNOWN: ['DONE', 'FAILED'] },
  released: { CLAIMED: ['RELEASED'], MARKED: ['RELEASED'], UNKNOWN: ['DONE', 'FAILED'] },
  unknown: { MARKED: ['UNKNOWN', 'OUTCOME_UNKNOWN'] },
};
const EXPIRIES: Partial<Record<KeyState, readonly [KeyState, ...string[]]>> = {
  CLAIMED: ['RELEASED'],
  MARKED: ['UNKNOWN', 'OUTCOME_UNKNOWN'],
};

/** The specification of an `AttemptStore`, on plain objects. */
export class AttemptModel {
  nowMs = 0;
  readonly #rows = new Map<string, Row>();
  #owners = 0;

  /** The times of the first claims of all keys. */
  readonly #claimedMs: number[] = [];

  constructor(
    private readonly leaseMs: number,
    /** The rate limit of the client that owns all keys. */
    private readonly limit: RateLimit,
  ) {}

  /** Undefined for a known key. */
  claim(key: string, operation: PaymentDeliveryMethod): ModelAttempt | ModelLimited | undefined {
    if (this.#rows.has(key)) return undefined;
    const { limit, periodMs } = this.limit;
    const freeAtMs = (this.#claimedMs.at(-limit) ?? -Infinity) + periodMs;
    if (freeAtMs > this.nowMs) return { retryAfterMs: freeAtMs - this.nowMs };
    this.#claimedMs.push(this.nowMs);
    return this.#begin(key, operation, 1, ['CREATING']);
  }

  reclaim(key: string, expected: number): ModelAttempt | undefined {
    const row = this.#rows.get(key);
    return row?.state === 'RELEASED' && row.attempt === expected
      ? this.#begin(key, row.operation, expected + 1, row.events)
      : undefined;
  }

  mark(attempt: ModelAttempt): boolean {
    const row = this.#heldBy(attempt);
    if (row === undefined || !/CLAIMED|MARKED/.test(row.state) || row.leaseUntilMs <= this.nowMs) return false;
    return this.#step(attempt.key, row, ['MARKED']) !== undefined;
  }

  finish(attempt: ModelAttempt, kind: Kind): KeyState | undefined {
    const row = this.#heldBy(attempt);
    return row && this.#step(attempt.key, row, STEPS[kind][row.state]);
  }

  expire(key: string, expected: Pick<View, 'attempt' | 'state'>, all = false): boolean {
    const row = this.#rows.get(key);
    if (row?.state !== expected.state || row.attempt !== expected.attempt) return false;
    return (all || row.leaseUntilMs <= this.nowMs) && this.#step(key, row, EXPIRIES[row.state]) !== undefined;
  }

  expireStaleAttempts(all: boolean): number {
    return [...this.#rows].filter(([key, row]) => this.expire(key, row, all)).length;
  }

  view(key: string): View | undefined {
    const row = this.#rows.get(key);
    if (row === undefined) return undefined;
    const { operation, state, attempt, events, leaseUntilMs } = row;
    return { operation, state, attempt, events, isLeaseExpired: leaseUntilMs <= this.nowMs };
  }

  #begin(key: string, operation: PaymentDeliveryMethod, number: number, events: readonly string[]): ModelAttempt {
    const owner = (this.#owners += 1);
    const leaseUntilMs = this.nowMs + this.leaseMs;
    this.#rows.set(key, { operation, state: 'CLAIMED', attempt: number, owner, events, leaseUntilMs });
    return { key, number, owner };
  }

  #heldBy({ key, number, owner }: ModelAttempt): Row | undefined {
    const row = this.#rows.get(key);
    return row?.attempt === number && row.owner === owner ? row : undefined;
  }

  #step(key: string, row: Row, to: readonly [KeyState, ...string[]] | undefined): KeyState | undefined {
    if (to === undefined) return undefined;
    const [state, ...events] = to;
    this.#rows.set(key, { ...row, state, events: [...row.events, ...events] });
    return state;
  }
}
