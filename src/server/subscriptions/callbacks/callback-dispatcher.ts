import type { Logger } from '../../../lib/logger.js';
import type { Delivered, Delivery } from './delivery.js';
import type { Telling, Told } from './subscription-source.js';

/** The right to tell a subscription, which another replica may take. None of these rejects. */
export interface Hold {
  /** Resolves when nobody else may tell it, or false. */
  isMine(): Promise<boolean>;
  /** Notes that an event was taken; false when somebody else has the subscription. */
  advance(event: number): Promise<boolean>;
  /** Forgets the subscription. */
  remove(): Promise<void>;
}

/** completed: the router was told the end. taken-over: another replica tells it. The rest as of `Delivered`. */
type Outcome = 'completed' | 'taken-over' | Exclude<Delivered, 'taken'>;

/** Tells one subscription to its router, with heartbeats, for as long as there is anything to tell. */
export class HeldSubscription {
  /** Resolves when it has come to its end here; another replica may go on. */
  readonly ended: Promise<void>;
  #left: Outcome | undefined;
  #heartbeat: NodeJS.Timeout | undefined;
  #taken = 0;

  /** `first`: a result that was asked for already. `beatAtOnce`: for a router that may have heard nothing for a while. */
  constructor(
    private readonly telling: Telling,
    private readonly delivery: Delivery,
    private readonly hold: Hold,
    private readonly heartbeatIntervalMs: number,
    private readonly log: Logger,
    first: Told | undefined,
    beatAtOnce: boolean,
  ) {
    this.#beatLater(beatAtOnce ? 0 : this.#pauseMs);
    this.ended = Promise.resolve()
      .then(() => this.#tellAll(first))
      .then((outcome) => this.#end(outcome))
      .catch((error: unknown) => this.log.error({ err: error }, 'unexpected error'));
  }

  /** Tells nothing more, and leaves the subscription to others. */
  stop(): void {
    this.#leave('stopped');
  }

  async #tellAll(first: Told | undefined): Promise<Outcome> {
    for (let told = first ?? (await this.telling.next()); ; told = await this.telling.next()) {
      if (this.#left !== undefined) return this.#left;
      if (!(await this.hold.isMine())) return 'taken-over';
      if (told?.kind !== 'next') return this.#complete(told?.errors);
      const delivered = await this.delivery.send({ action: 'next', payload: told.payload });
      if (delivered !== 'taken') return delivered;
      this.#taken += 1;
      if (!(await this.hold.advance(told.event))) return 'taken-over';
    }
  }

  async #complete(errors: readonly object[] | undefined): Promise<Outcome> {
    const delivered = await this.delivery.send({ action: 'complete', ...(errors === undefined ? {} : { errors }) });
    return delivered === 'taken' ? 'completed' : delivered;
  }

  async #end(outcome: Outcome): Promise<void> {
    clearTimeout(this.#heartbeat);
    this.#leave(outcome);
    // What waited behind a heartbeat that ended it was stopped for that reason.
    const reason = outcome === 'stopped' ? (this.#left ?? outcome) : outcome;
    const line = { outcome: reason, events: this.#taken };
    if (reason === 'stopped' || reason === 'taken-over') {
      this.log.debug(line, 'callback subscription');
      return;
    }
    if (reason === 'unreachable') this.log.warn(line, 'callback subscription');
    else this.log.info(line, 'callback subscription');
    await this.hold.remove();
  }

  #leave(outcome: Outcome): void {
    this.#left ??= outcome;
    this.delivery.stop();
    void this.telling.end();
  }

  /** Routers count from one heartbeat to the next, on their own clocks. */
  get #pauseMs(): number {
    return this.heartbeatIntervalMs / 2;
  }

  #beatLater(ms: number): void {
    if (this.heartbeatIntervalMs > 0) this.#heartbeat = setTimeout(() => void this.#beat(), ms);
  }

  async #beat(): Promise<void> {
    const delivered = await this.delivery.send({ action: 'check' });
    if (delivered !== 'taken') this.#leave(delivered);
    else if (this.#left === undefined) this.#beatLater(this.#pauseMs);
  }
}
