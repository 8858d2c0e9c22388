import type { IncomingHttpHeaders } from 'node:http';
import { Sensitive } from '../domain/sensitive.js';
import { StoreUnavailable } from '../domain/store-unavailable.js';
import { judgeWebhook } from '../flinks/webhook.js';
import type { WebhookRefusal } from '../flinks/webhook.js';
import type { Logger } from '../log.js';
import type { InboxStore } from '../store/store.js';

/** What became of a delivery. duplicate: its bytes are kept already. */
export type WebhookOutcome = 'stored' | 'duplicate' | 'unreadable' | 'unavailable' | `refused_${WebhookRefusal}`;

/** Told of every delivery; must not throw. */
export type WebhookObserver = (outcome: WebhookOutcome) => void;

/** Takes in what Flinks sends of its own accord: nothing that it did not sign, and what it did before it is understood. */
export class ReceiveWebhook {
  constructor(
    private readonly inbox: Pick<InboxStore, 'add'>,
    private readonly secrets: readonly Sensitive<string>[],
    private readonly observe: WebhookObserver,
    /** Told when there is an event to act upon; must not throw. */
    private readonly onStored: () => void,
  ) {}

  /** stored: it is durable, whatever it says. refused: nothing was kept. unavailable: it may have been kept or not. */
  async receive(
    headers: IncomingHttpHeaders,
    bytes: Buffer,
    log: Logger,
  ): Promise<'stored' | 'refused' | 'unavailable'> {
    const outcome = await this.#outcomeOf(headers, new Sensitive(bytes));
    this.observe(outcome);
    log.info({ outcome }, 'webhook');
    if (outcome === 'unavailable') return outcome;
    return outcome.startsWith('refused_') ? 'refused' : 'stored';
  }

  async #outcomeOf(headers: IncomingHttpHeaders, body: Sensitive<Buffer>): Promise<WebhookOutcome> {
    const verdict = judgeWebhook(headers, body, this.secrets, Date.now());
    if (verdict.kind === 'refused') return `refused_${verdict.reason}`;
    const isReadable = verdict.kind === 'readable';
    try {
      if (!(await this.inbox.add(body, isReadable ? 'WAITING' : 'UNREADABLE'))) return 'duplicate';
    } catch (error) {
      if (error instanceof StoreUnavailable) return 'unavailable';
      throw error;
    }
    if (!isReadable) return 'unreadable';
    this.onStored();
    return 'stored';
  }
}
