import {
  BrokenCircuitError,
  BulkheadRejectedError,
  CircuitState,
  SamplingBreaker,
  bulkhead,
  circuitBreaker,
  handleWhenResult,
} from 'cockatiel';
import type { Deadline } from '../deadline.js';
import type { Exchange } from './transport.js';
import { notExecuted } from './verdict.js';
import type { Failure } from './verdict.js';

/** Calls under way at once to one host, and calls that may wait for a place. */
export const MAX_IN_FLIGHT = 64;
const MAX_WAITING = 2048;
/** The circuit opens when half of at least 20 calls within 10 s failed; after 2 s one call at a time tries again. */
const BREAKER = { threshold: 0.5, duration: 10_000, minimumRps: 2 };
const HALF_OPEN_AFTER_MS = 2_000;

export type CircuitName = 'closed' | 'open' | 'half-open';

const CIRCUIT_NAMES: Readonly<Record<CircuitState, CircuitName>> = {
  [CircuitState.Closed]: 'closed',
  [CircuitState.Open]: 'open',
  [CircuitState.HalfOpen]: 'half-open',
  [CircuitState.Isolated]: 'open',
};

/** One upstream host's in-flight limit and circuit breaker. */
export class HostLimits {
  readonly #slots = bulkhead(MAX_IN_FLIGHT, MAX_WAITING);
  readonly #circuit = circuitBreaker(handleWhenResult(isHostFailure), {
    breaker: new SamplingBreaker(BREAKER),
    halfOpenAfter: HALF_OPEN_AFTER_MS,
  });

  get circuit(): CircuitName {
    return CIRCUIT_NAMES[this.#circuit.state];
  }

  /** Makes the exchange when there is a slot and the circuit permits; a failure says that it certainly was not made. */
  async run(exchange: () => Promise<Exchange>, deadline: Deadline): Promise<Attempt> {
    const progress = { begun: false };
    // The bulkhead is given no signal: one that fires in its queue would leave those behind it waiting.
    const attempt = this.#slots
      .execute(() => {
        if (deadline.remainingMs() === 0) return NO_SLOT;
        progress.begun = true;
        return this.#permitted(exchange);
      })
      .catch(failureOf);
    const first = await deadline.race(attempt, NO_SLOT);
    // Once begun the exchange watches the deadline itself, and only it knows what became of the request.
    return progress.begun ? await attempt : first;
  }

  async #permitted(exchange: () => Promise<Exchange>): Promise<Attempt> {
    // cockatiel would let calls wait for the one that tests a half-open circuit; ours fail fast.
    if (this.#circuit.state === CircuitState.HalfOpen) return CIRCUIT_OPEN;
    return { exchange: await this.#circuit.execute(exchange) };
  }
}

type Attempt = { readonly exchange: Exchange } | { readonly failure: Failure };

const NO_SLOT: Attempt = { failure: notExecuted('no-slot') };
const CIRCUIT_OPEN: Attempt = { failure: notExecuted('circuit-open', HALF_OPEN_AFTER_MS) };

function isHostFailure(result: unknown): boolean {
  const exchange = result as Exchange;
  return exchange.kind !== 'answered' || exchange.status >= 500;
}

function failureOf(error: unknown): Attempt {
  if (error instanceof BulkheadRejectedError) return NO_SLOT;
  if (error instanceof BrokenCircuitError) return CIRCUIT_OPEN;
  throw error;
}
