import type { Logger } from '../../../lib/logger.js';
import type { DeliveryResult, Delivery } from './delivery.js';
import type { SubscriptionSource, SourceResult } from './subscription-source.js';

/** The right to tell a subscription, which another replica may take. None of these rejects. */
export interface Ownership {
  /** Resolves when nobody else may tell it, or false. */
  isOwned(): Promise<boolean>;
  /** Notes that an event was taken; false when somebody else has the subscription. */
  advance(event: number): Promise<boolean>;
  /** Forgets the subscription. */
  remove(): Promise<void>;
}

/** completed: the router was told the end. taken-over: another replica tells it. The rest as of `Delivered`. */
type DispatchOutcome = 'completed' | 'taken-over' | Exclude<DeliveryResult, 'acknowledged'>;

/** Tells one subscription to its router, with heartbeats, for as long as there is anything to tell. */
export class CallbackDispatcher {
  /** Resolves when it has come to its end here; another replica may go on. */
  readonly ended: Promise<void>;
  #stopReason: DispatchOutcome | undefined;
  #heartbeat: NodeJS.Timeout | undefined;
  #acknowledged = 0;

  /** `first`: a result that was asked for already. `beatAtOnce`: for a router that may have heard nothing for a while. */
  constructor(
    private readonly source: SubscriptionSource,
    private readonly delivery: Delivery,
    private readonly ownership: Ownership,
    private readonly heartbeatIntervalMs: number,
    private readonly log: Logger,
    first: SourceResult | undefined,
    heartbeatImmediately: boolean,
  ) {
    this.#scheduleHeartbeat(heartbeatImmediately ? 0 : this.#pauseMs);
    this.ended = Promise.resolve()
      .then(() => this.#dispatchAll(first))
      .then((outcome) => this.#end(outcome))
      .catch((error: unknown) => this.log.error({ err: error }, 'unexpected error'));
  }

  /** Tells nothing more, and leaves the subscription to others. */
  stop(): void {
    this.#stop('stopped');
  }

  async #dispatchAll(first: SourceResult | undefined): Promise<DispatchOutcome> {
    for (let result = first ?? (await this.source.next()); ; result = await this.source.next()) {
      if (this.#stopReason !== undefined) return this.#stopReason;
      if (!(await this.ownership.isOwned())) return 'taken-over';
      if (result?.kind !== 'next') return this.#complete(result?.errors);
      const delivered = await this.delivery.send({ action: 'next', payload: result.payload });
      if (delivered !== 'acknowledged') return delivered;
      this.#acknowledged += 1;
      if (!(await this.ownership.advance(result.event))) return 'taken-over';
    }
  }

  async #complete(errors: readonly object[] | undefined): Promise<DispatchOutcome> {
    const delivered = await this.delivery.send({ action: 'complete', ...(errors === undefined ? {} : { errors }) });
    return delivered === 'acknowledged' ? 'completed' : delivered;
  }

  async #end(outcome: DispatchOutcome): Promise<void> {
    clearTimeout(this.#heartbeat);
    this.#stop(outcome);
    // What waited behind a heartbeat that ended it was stopped for that reason.
    const reason = outcome === 'stopped' ? (this.#stopReason ?? outcome) : outcome;
    const line = { outcome: reason, events: this.#acknowledged };
    if (reason === 'stopped' || reason === 'taken-over') {
      this.log.debug(line, 'callback subscription');
      return;
    }
    if (reason === 'unreachable') this.log.warn(line, 'callback subscription');
    else this.log.info(line, 'callback subscription');
    await this.ownership.remove();
  }

  #stop(outcome: DispatchOutcome): void {
    this.#stopReason ??= outcome;
    this.delivery.stop();
    void this.source.end();
  }

  /** Routers count from one heartbeat to the next, on their own clocks. */
  get #pauseMs(): number {
    return this.heartbeatIntervalMs / 2;
  }

  #scheduleHeartbeat(ms: number): void {
    if (this.heartbeatIntervalMs > 0) this.#heartbeat = setTimeout(() => void this.#sendHeartbeat(), ms);
  }

  async #sendHeartbeat(): Promise<void> {
    const delivered = await this.delivery.send({ action: 'check' });
    if (delivered !== 'acknowledged') this.#stop(delivered);
    else if (this.#stopReason === undefined) this.#scheduleHeartbeat(this.#pauseMs);
  }
}
