import type { IncomingHttpHeaders } from 'node:http';
import { Sensitive } from '../../domain/sensitive.js';
import { orIfUnavailable } from '../../domain/store-unavailable.js';
import { verifyWebhook } from '../../flinks/verify-webhook.js';
import type { Timing, WebhookRefusal } from '../../flinks/verify-webhook.js';
import type { Logger } from '../../lib/logger.js';
import type { InboxStore } from '../../store/contracts/inbox-store.js';

/** Why a request was rejected before its signature was verified. */
export type UnreadReason = 'method' | 'too_large' | 'incomplete' | 'shutting_down' | 'failed';

type RejectedOutcome = `rejected_${WebhookRefusal | UnreadReason}`;

/** The outcome of a delivery. duplicate: the same body is stored already. */
export type WebhookOutcome = 'stored' | 'duplicate' | 'unreadable' | 'unavailable' | RejectedOutcome;

/** Called with the outcome of every delivery, and the timing of an event that was stored; must not throw. */
export type WebhookObserver = (outcome: WebhookOutcome, timing?: Timing) => void;

/** The result for the sender, sent as HTTP status. undecodable, too_large: unreadable, so nothing was stored. */
export type WebhookResult = 'stored' | 'rejected' | 'undecodable' | 'too_large' | 'unavailable';

const REASONS: Readonly<Record<RejectedOutcome | 'unreadable', string>> = {
  rejected_unsigned: 'no signature header is present',
  rejected_bad_signature: 'the signature matches no secret of FLINKS_WEBHOOK_SECRETS',
  rejected_unknown_encoding: 'the content encoding is unknown, or the body is corrupt',
  rejected_too_large: 'the body exceeds the size limit of an event',
  rejected_method: 'events must be sent by POST',
  rejected_incomplete: 'the body is incomplete',
  rejected_shutting_down: 'this replica is shutting down',
  rejected_failed: 'an error of the gateway, which is logged separately',
  unreadable: 'nothing in it names a payment; it is stored',
};

/** Receives webhook events: stores nothing that Flinks did not sign, and all that it signed before processing it. */
export class ReceiveWebhook {
  readonly #logged = new Set<WebhookOutcome>();

  constructor(
    private readonly inbox: Pick<InboxStore, 'add'>,
    private readonly secrets: readonly Sensitive<string>[],
    private readonly observe: WebhookObserver,
    /** Called when there is an event to process; must not throw. */
    private readonly onStored: () => void,
  ) {}

  /**
   * Verifies and stores one delivery. In: the headers with lower-case names, and the body as received, content encoding
   * included. Out: stored: the event is durable, whether it is readable or not. unavailable: it may or may not have
   * been stored. All others: nothing was stored. Throws unexpected errors only.
   */
  async receive(headers: IncomingHttpHeaders, bytes: Buffer, log: Logger): Promise<WebhookResult> {
    const [outcome, timing] = await this.#verifyAndStore(headers, new Sensitive(bytes));
    this.#record(outcome, log, timing);
    switch (outcome) {
      case 'unavailable':
        return outcome;
      case 'rejected_unknown_encoding':
        return 'undecodable';
      case 'rejected_too_large':
        return 'too_large';
      default:
        return outcome.startsWith('rejected_') ? 'rejected' : 'stored';
    }
  }

  /** Records a request that was rejected before its signature was verified. */
  reject(reason: UnreadReason, log: Logger): void {
    this.#record(`rejected_${reason}`, log);
  }

  async #verifyAndStore(headers: IncomingHttpHeaders, body: Sensitive<Buffer>): Promise<[WebhookOutcome, Timing?]> {
    const result = verifyWebhook(headers, body, this.secrets, Date.now());
    if (result.kind === 'rejected') return [`rejected_${result.reason}`];
    const state = result.kind === 'readable' ? 'WAITING' : 'UNREADABLE';
    const isNew = await orIfUnavailable(this.inbox.add(result.body, state), 'unavailable');
    if (isNew === 'unavailable') return [isNew];
    if (!isNew) return ['duplicate'];
    if (result.kind === 'unreadable') return [result.kind];
    this.onStored();
    return ['stored', result.timing];
  }

  #record(outcome: WebhookOutcome, log: Logger, timing?: Timing): void {
    this.observe(outcome, timing);
    log.info({ event: 'webhook_received', outcome, timing }, 'webhook received');
    if (!(outcome in REASONS) || this.#logged.has(outcome)) return;
    this.#logged.add(outcome);
    const reason = REASONS[outcome as keyof typeof REASONS];
    log.warn(
      { event: 'webhook_rejected', outcome, reason },
      'webhook rejected or unreadable; further ones with this outcome are logged at level info only',
    );
  }
}
