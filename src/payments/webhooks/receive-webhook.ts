import type { IncomingHttpHeaders } from 'node:http';
import { Sensitive } from '../../domain/sensitive.js';
import { StoreUnavailableError } from '../../domain/store-unavailable.js';
import { verifyWebhook } from '../../flinks/webhook.js';
import type { Timing, WebhookRefusal } from '../../flinks/webhook.js';
import type { Logger } from '../../lib/logger.js';
import type { InboxStore } from '../../store/contracts/inbox-store.js';

/** Why a request never came to be judged. */
export type UnreadReason = 'method' | 'too_large' | 'incomplete' | 'shutting_down' | 'failed';

type Refused = `refused_${WebhookRefusal | UnreadReason}`;

/** What became of a delivery. duplicate: its bytes are kept already. */
export type WebhookOutcome = 'stored' | 'duplicate' | 'unreadable' | 'unavailable' | Refused;

/** Told of every delivery, and of the time in one that was stored; must not throw. */
export type WebhookObserver = (outcome: WebhookOutcome, timing?: Timing) => void;

/** What whoever sends it is told. undecodable, too_large: nothing was kept, for its body cannot be read. */
export type WebhookResult = 'stored' | 'refused' | 'undecodable' | 'too_large' | 'unavailable';

const REASONS: Readonly<Record<Refused | 'unreadable', string>> = {
  refused_unsigned: 'none of the headers of a signature is there',
  refused_bad_signature: 'the signature fits no secret of FLINKS_WEBHOOK_SECRETS',
  refused_unknown_encoding: 'the content encoding is not known, or the body is broken',
  refused_too_large: 'the body is larger than an event is',
  refused_method: 'events come by POST',
  refused_incomplete: 'the body broke off',
  refused_shutting_down: 'this replica is shutting down',
  refused_failed: 'an error of the gateway, which is logged',
  unreadable: 'nothing in it names a payment; it is kept',
};

/** Takes in what Flinks sends of its own accord: nothing that it did not sign, and what it did before it is understood. */
export class ReceiveWebhook {
  readonly #logged = new Set<WebhookOutcome>();

  constructor(
    private readonly inbox: Pick<InboxStore, 'add'>,
    private readonly secrets: readonly Sensitive<string>[],
    private readonly observe: WebhookObserver,
    /** Told when there is an event to act upon; must not throw. */
    private readonly onStored: () => void,
  ) {}

  /** stored: it is durable, whatever it says. unavailable: it may have been kept or not. All else: nothing was kept. */
  async receive(headers: IncomingHttpHeaders, bytes: Buffer, log: Logger): Promise<WebhookResult> {
    const { outcome, timing } = await this.#take(headers, new Sensitive(bytes));
    this.#record(outcome, log, timing);
    switch (outcome) {
      case 'unavailable':
        return outcome;
      case 'refused_unknown_encoding':
        return 'undecodable';
      case 'refused_too_large':
        return 'too_large';
      default:
        return outcome.startsWith('refused_') ? 'refused' : 'stored';
    }
  }

  /** Notes a request that was answered without being judged. */
  reject(reason: UnreadReason, log: Logger): void {
    this.#record(`refused_${reason}`, log);
  }

  async #take(headers: IncomingHttpHeaders, body: Sensitive<Buffer>): Promise<Taken> {
    const result = verifyWebhook(headers, body, this.secrets, Date.now());
    if (result.kind === 'refused') return { outcome: `refused_${result.reason}` };
    const isReadable = result.kind === 'readable';
    try {
      const isNew = await this.inbox.add(result.body, isReadable ? 'WAITING' : 'UNREADABLE');
      if (!isNew) return { outcome: 'duplicate' };
    } catch (error) {
      if (error instanceof StoreUnavailableError) return { outcome: 'unavailable' };
      throw error;
    }
    if (!isReadable) return { outcome: 'unreadable' };
    this.onStored();
    return { outcome: 'stored', timing: result.timing };
  }

  #record(outcome: WebhookOutcome, log: Logger, timing?: Timing): void {
    this.observe(outcome, timing);
    log.info({ outcome, timing }, 'webhook');
    if (!(outcome in REASONS) || this.#logged.has(outcome)) return;
    this.#logged.add(outcome);
    const reason = REASONS[outcome as keyof typeof REASONS];
    log.warn(
      { outcome, reason },
      'a webhook was refused or cannot be read; further ones of this kind are logged at info only',
    );
  }
}

interface Taken {
  readonly outcome: WebhookOutcome;
  readonly timing?: Timing;
}
