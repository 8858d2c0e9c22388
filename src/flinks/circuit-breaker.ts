import { BrokenCircuitError, CircuitState, CountBreaker, bulkhead, circuitBreaker, handleWhenResult } from 'cockatiel';
import type { Deadline } from '../lib/deadline.js';
import type { Exchange } from './transport.js';
import { notExecuted } from './call-result.js';
import type { CallFailure } from './call-result.js';

/** Calls under way at once to one host, and calls that may wait for a place. */
export const MAX_IN_FLIGHT = 64;
const MAX_WAITING = 2048;
/** The circuit opens when half of the last 20 calls failed; after 2 s one call at a time tries again. */
const BREAKER = { size: 20, threshold: 0.5, minimumNumberOfCalls: 20 };
const HALF_OPEN_AFTER_MS = 2_000;

export type CircuitName = 'closed' | 'open' | 'half-open';

const CIRCUIT_NAMES: Readonly<Record<CircuitState, CircuitName>> = {
  [CircuitState.Closed]: 'closed',
  [CircuitState.Open]: 'open',
  [CircuitState.HalfOpen]: 'half-open',
  [CircuitState.Isolated]: 'open',
};

/** One upstream host's in-flight limit and circuit breaker. */
export class CircuitBreaker {
  readonly #slots = bulkhead(MAX_IN_FLIGHT, MAX_WAITING);
  readonly #circuit = circuitBreaker(handleWhenResult(isHostFailure), {
    breaker: new CountBreaker(BREAKER),
    halfOpenAfter: HALF_OPEN_AFTER_MS,
  });

  get circuit(): CircuitName {
    return CIRCUIT_NAMES[this.#circuit.state];
  }

  /** Makes the exchange when there is a slot and the circuit permits; a failure says that it certainly was not made. */
  async run(exchange: () => Promise<Exchange>, deadline: Deadline): Promise<GuardedExchange> {
    const release = await this.#takeSlot(deadline);
    if (release === undefined) return NO_CAPACITY;
    try {
      // A call that is too late says nothing about the host, so the circuit does not see it.
      return deadline.remainingMs() === 0 ? NO_CAPACITY : await this.#permitted(exchange);
    } finally {
      release();
    }
  }

  /** Waits for a slot; gives what gives it back, or undefined when there was none in time. */
  async #takeSlot(deadline: Deadline): Promise<(() => void) | undefined> {
    let release!: () => void;
    const held = new Promise<void>((resolve) => (release = resolve));
    const granted = new Promise<boolean>((resolve) => {
      const holding = this.#slots.execute(() => {
        resolve(true);
        return held;
      });
      // Rejected when too many wait already.
      holding.catch(() => resolve(false));
    });
    if (await deadline.race(granted, false)) return release;
    release();
    return undefined;
  }

  async #permitted(exchange: () => Promise<Exchange>): Promise<GuardedExchange> {
    // cockatiel would let calls wait for the one that tests a half-open circuit; ours fail fast.
    if (this.#circuit.state === CircuitState.HalfOpen) return CIRCUIT_OPEN;
    try {
      return { exchange: await this.#circuit.execute(exchange) };
    } catch (error) {
      if (error instanceof BrokenCircuitError) return CIRCUIT_OPEN;
      throw error;
    }
  }
}

type GuardedExchange = { readonly exchange: Exchange } | { readonly failure: CallFailure };

const NO_CAPACITY: GuardedExchange = { failure: notExecuted('no-slot') };
const CIRCUIT_OPEN: GuardedExchange = { failure: notExecuted('circuit-open', HALF_OPEN_AFTER_MS) };

function isHostFailure(result: unknown): boolean {
  const exchange = result as Exchange;
  if (exchange.kind === 'not-sent' && exchange.reason === 'not-permitted') return false;
  return exchange.kind !== 'answered' || exchange.status >= 500;
}
