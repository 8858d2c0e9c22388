import type { Logger } from '../../../lib/logger.js';
import { logUnexpectedError } from '../../graphql/errors.js';
import type { MessageSender, SendResult } from './message-sender.js';
import type { Ownership } from './lease.js';
import type { SourceResult, SubscriptionSource } from './subscription-source.js';

/** `completed`: the router acknowledged the end. `taken-over`: another replica delivers it. */
type DeliveryOutcome = 'completed' | 'taken-over' | Exclude<SendResult, 'acknowledged'>;

/** Delivers one subscription to its router, with heartbeats, until it ends. */
export class CallbackDelivery {
  /** Resolves when the delivery has ended on this replica; another one may continue it. */
  readonly ended: Promise<void>;
  #stopReason: DeliveryOutcome | undefined;
  #heartbeat: NodeJS.Timeout | undefined;
  #acknowledged = 0;

  constructor(
    private readonly source: SubscriptionSource,
    private readonly sender: MessageSender,
    private readonly ownership: Ownership,
    private readonly heartbeatIntervalMs: number,
    private readonly log: Logger,
    /** A result that was already requested; without one, the router may have received nothing for a while. */
    first: SourceResult | undefined,
  ) {
    this.#scheduleHeartbeat(first === undefined ? 0 : undefined);
    this.ended = Promise.resolve()
      .then(() => this.#deliverAll(first))
      .then((outcome) => this.#end(outcome))
      .catch((error: unknown) => logUnexpectedError(this.log, error));
  }

  /** Delivers nothing more, and leaves the subscription to other replicas. */
  stop(): void {
    this.#stop('stopped');
  }

  async #deliverAll(first: SourceResult | undefined): Promise<DeliveryOutcome> {
    for (let result = first ?? (await this.source.next()); ; result = await this.source.next()) {
      if (this.#stopReason !== undefined) return this.#stopReason;
      if (!(await this.ownership.isOwned())) return 'taken-over';
      if (result?.kind !== 'next') {
        const ended = await this.sender.send({ action: 'complete', ...(result && { errors: result.errors }) });
        return ended === 'acknowledged' ? 'completed' : ended;
      }
      const delivered = await this.sender.send({ action: 'next', payload: result.payload });
      if (delivered !== 'acknowledged') return delivered;
      this.#acknowledged += 1;
      if (!(await this.ownership.advance(result.event))) return 'taken-over';
    }
  }

  async #end(outcome: DeliveryOutcome): Promise<void> {
    clearTimeout(this.#heartbeat);
    this.#stop(outcome);
    // A result that waited behind a failed heartbeat was stopped by it, so the heartbeat's reason counts.
    const reason = outcome === 'stopped' ? (this.#stopReason ?? outcome) : outcome;
    const continues = reason === 'stopped' || reason === 'taken-over';
    const level = continues ? 'debug' : reason === 'unreachable' ? 'warn' : 'info';
    const line = { event: 'callback_subscription_ended', outcome: reason, events: this.#acknowledged };
    this.log[level](line, 'callback subscription ended');
    if (!continues) await this.ownership.remove();
  }

  #stop(outcome: DeliveryOutcome): void {
    this.#stopReason ??= outcome;
    this.sender.stop();
    void this.source.end();
  }

  /** After half the interval by default: routers measure from one heartbeat to the next, on their own clocks. */
  #scheduleHeartbeat(ms = this.heartbeatIntervalMs / 2): void {
    if (this.heartbeatIntervalMs > 0) this.#heartbeat = setTimeout(() => void this.#sendHeartbeat(), ms);
  }

  async #sendHeartbeat(): Promise<void> {
    const delivered = await this.sender.send({ action: 'check' });
    if (delivered !== 'acknowledged') this.#stop(delivered);
    else if (this.#stopReason === undefined) this.#scheduleHeartbeat();
  }
}
