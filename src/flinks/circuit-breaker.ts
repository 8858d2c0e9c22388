import { BrokenCircuitError, CircuitState, CountBreaker, bulkhead, circuitBreaker, handleWhenResult } from 'cockatiel';
import type { Deadline } from '../lib/deadline.js';
import type { Exchange } from './transport.js';
import { notExecuted } from '../domain/provider-result.js';
import type { ProviderFailure } from '../domain/provider-result.js';

/** Maximum number of concurrent calls to one host. */
export const MAX_IN_FLIGHT = 64;
/** Maximum number of calls that wait for a slot. */
const MAX_WAITING = 2048;
/** The circuit opens when half of the last 20 calls failed. After 2 s one call at a time probes the host. */
const BREAKER = { size: 20, threshold: 0.5, minimumNumberOfCalls: 20 };
const HALF_OPEN_AFTER_MS = 2_000;

/** State of the circuit, as reported by the readiness check. */
export type CircuitName = 'closed' | 'open' | 'half-open';

const CIRCUIT_NAMES: Readonly<Record<CircuitState, CircuitName>> = {
  [CircuitState.Closed]: 'closed',
  [CircuitState.Open]: 'open',
  [CircuitState.HalfOpen]: 'half-open',
  [CircuitState.Isolated]: 'open',
};

/** Concurrency limit and circuit breaker of one upstream host. */
export class CircuitBreaker {
  readonly #slots = bulkhead(MAX_IN_FLIGHT, MAX_WAITING);
  readonly #circuit = circuitBreaker(handleWhenResult(isHostFailure), {
    breaker: new CountBreaker(BREAKER),
    halfOpenAfter: HALF_OPEN_AFTER_MS,
  });

  /** Current state of the circuit. */
  get circuit(): CircuitName {
    return CIRCUIT_NAMES[this.#circuit.state];
  }

  /** Makes the exchange once there is a slot, if the circuit permits. A `failure`: it certainly was not made. */
  async run(exchange: () => Promise<Exchange>, deadline: Deadline): Promise<GuardedExchange> {
    const release = await this.#takeSlot(deadline);
    if (release === undefined) return NO_CAPACITY;
    try {
      // A call whose deadline has passed says nothing about the host, so the circuit does not count it.
      return deadline.remainingMs() === 0 ? NO_CAPACITY : await this.#permitted(exchange);
    } finally {
      release();
    }
  }

  /** Waits for a slot. Returns the function that releases it, or undefined if none was free before the deadline. */
  async #takeSlot(deadline: Deadline): Promise<(() => void) | undefined> {
    let release!: () => void;
    const held = new Promise<void>((resolve) => (release = resolve));
    const granted = new Promise<boolean>((resolve) => {
      const holding = this.#slots.execute(() => {
        resolve(true);
        return held;
      });
      // The bulkhead rejects when too many calls wait already.
      holding.catch(() => resolve(false));
    });
    if (await deadline.race(granted, false)) return release;
    release();
    return undefined;
  }

  async #permitted(exchange: () => Promise<Exchange>): Promise<GuardedExchange> {
    // cockatiel would queue calls behind the one that probes a half-open circuit. Here they fail fast.
    if (this.#circuit.state === CircuitState.HalfOpen) return CIRCUIT_OPEN;
    try {
      return { exchange: await this.#circuit.execute(exchange) };
    } catch (error) {
      if (error instanceof BrokenCircuitError) return CIRCUIT_OPEN;
      throw error;
    }
  }
}

type GuardedExchange = { readonly exchange: Exchange } | { readonly failure: ProviderFailure };

const NO_CAPACITY: GuardedExchange = { failure: notExecuted('no-slot') };
const CIRCUIT_OPEN: GuardedExchange = { failure: notExecuted('circuit-open', HALF_OPEN_AFTER_MS) };

function isHostFailure(result: unknown): boolean {
  const exchange = result as Exchange;
  if (exchange.kind === 'not-executed' && exchange.reason === 'not-permitted') return false;
  return exchange.kind !== 'responded' || exchange.status >= 500;
}
