import { StoreUnavailableError } from '../../domain/store-unavailable.js';
import { InFlight } from '../../lib/in-flight.js';
import type { Logger } from '../../lib/logger.js';
import type { InboxEvent, InboxStore } from '../../store/contracts/inbox-store.js';
import type { ApplyWebhook } from './apply-webhook.js';

/** Maximum number of concurrent events; most of them wait for a lookup slot. */
const MAX_CONCURRENT = 32;
/** Longer than these events take. If their replica crashes, another one takes them over after this time. */
const LEASE_MS = 120_000;

/** Processes the events of the inbox, as many at a time as there is room for. */
export class WebhookWorker {
  readonly #inFlight = new InFlight();

  constructor(
    private readonly inbox: Pick<InboxStore, 'leaseDue'>,
    private readonly webhook: Pick<ApplyWebhook, 'apply'>,
    private readonly log: Logger,
  ) {}

  /** Starts processing due events, once half the capacity is free. Returns how many. Throws `StoreUnavailableError`. */
  async processDue(): Promise<number> {
    while (this.#inFlight.size > MAX_CONCURRENT / 2) await this.#inFlight.whenOneEnds();
    const due = await this.inbox.leaseDue(MAX_CONCURRENT - this.#inFlight.size, LEASE_MS);
    for (const event of due) void this.#inFlight.add(this.#apply(event));
    return due.length;
  }

  /** Resolves when no event is being processed. */
  whenIdle(): Promise<void> {
    return this.#inFlight.whenIdle();
  }

  /** An event that fails is processed again when its lease ends. */
  async #apply(event: InboxEvent): Promise<void> {
    try {
      await this.webhook.apply(event);
    } catch (error) {
      // The store logs its own failures.
      if (!(error instanceof StoreUnavailableError))
        this.log.error({ event: 'unexpected_error', err: error }, 'unexpected error');
    }
  }
}
