import { StoreUnavailableError } from '../../domain/store-unavailable.js';
import type { Logger } from '../../lib/logger.js';
import type { InboxEvent, InboxStore } from '../../store/contracts/inbox-store.js';
import type { ApplyWebhook } from './apply-webhook.js';

/** Events under way at once; most of them wait for their turn to ask Flinks. */
const MAX_CONCURRENT = 32;
/** Longer than these events take; should their replica die, another one takes them over then. */
const LEASE_MS = 120_000;

/** Sees to the events of the inbox, as many at a time as there is room for. */
export class WebhookWorker {
  readonly #underWay = new Set<Promise<void>>();

  constructor(
    private readonly inbox: Pick<InboxStore, 'leaseDue'>,
    private readonly webhook: Pick<ApplyWebhook, 'apply'>,
    private readonly log: Logger,
  ) {}

  /** Takes up what is due, once there is room for a good part of it; tells how many. */
  async processDue(): Promise<number> {
    while (this.#underWay.size > MAX_CONCURRENT / 2) await Promise.race(this.#underWay);
    const due = await this.inbox.leaseDue(MAX_CONCURRENT - this.#underWay.size, LEASE_MS);
    for (const event of due) this.#start(event);
    return due.length;
  }

  /** Resolves when no event is under way. */
  async whenIdle(): Promise<void> {
    while (this.#underWay.size > 0) await Promise.all(this.#underWay);
  }

  #start(event: InboxEvent): void {
    const done = this.#apply(event).finally(() => this.#underWay.delete(done));
    this.#underWay.add(done);
  }

  /** What fails comes up again with its lease. */
  async #apply(event: InboxEvent): Promise<void> {
    try {
      await this.webhook.apply(event);
    } catch (error) {
      // The store tells of its failures itself.
      if (!(error instanceof StoreUnavailableError)) this.log.error({ err: error }, 'unexpected error');
    }
  }
}
