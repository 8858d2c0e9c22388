import type { News } from '../domain/news.js';
import { isUnreadable } from '../domain/payment.js';
import type { PaymentSessionEventSource, PaymentSession } from '../domain/payment.js';
import type { Mismatch } from '../domain/payment-mismatch.js';
import { cleanWords } from '../flinks/provider-words.js';
import type { Logger } from '../log.js';
import type { NewsStore, Told } from '../store/store.js';

/** What was told of a payment, in the words in which it was told. */
export interface ToldNews extends News {
  /** Flinks's word for the status, where `status` has none for it. */
  readonly word?: string | undefined;
}

/** Told of what each piece of news did; must not throw. */
export type NewsObserver = (source: PaymentSessionEventSource, effect: Told['effect']) => void;

/** The one way by which news of a payment come in, from a look-up, a webhook, a daily file or a person. */
export class ApplyNews {
  readonly #unlistedWords = new Set<string>();

  constructor(
    private readonly store: Pick<NewsStore, 'apply' | 'noteMismatch'>,
    private readonly observe: NewsObserver,
    private readonly log: Logger,
  ) {}

  /** Undefined for a payment that no call to Flinks was made for yet. Throws `StoreUnavailable`. */
  async to(payment: PaymentSession, { word, ...news }: ToldNews): Promise<Told | undefined> {
    const words = news.status === undefined ? (word ?? news.details) : news.details;
    const details = words === undefined ? undefined : cleanedOf(words, payment);
    const told = await this.store.apply(payment.id, { ...news, details });
    if (told === undefined) return undefined;
    if (told.mismatch !== undefined) return this.refuse(told.payment, news.source, told.mismatch);
    this.observe(news.source, told.effect);
    if (told.effect === 'unlisted' && details !== undefined) this.#logOnce(details);
    const line = { paymentId: payment.id, source: news.source, status: news.status, effect: told.effect };
    if (told.effect === 'moved') this.log.info(line, 'the payment moved');
    if (told.effect === 'overtook' || told.effect === 'contradicted')
      this.log.warn(line, 'words of Flinks contradict each other');
    return told;
  }

  /** Takes nothing of what was told of a payment, since some of it cannot be true of it; keeps that for operators. */
  async refuse(payment: PaymentSession, source: PaymentSessionEventSource, mismatch: Mismatch): Promise<Told> {
    const isNew = await this.store.noteMismatch(payment.id, source, mismatch);
    this.observe(source, 'mismatched');
    const line = { paymentId: payment.id, source, field: mismatch.field };
    if (isNew) this.log.error(line, 'what Flinks told of a payment is of another one; nothing of it was taken');
    return { effect: 'mismatched', payment, mismatch };
  }

  #logOnce(word: string): void {
    if (this.#unlistedWords.has(word) || this.#unlistedWords.size > 1_000) return;
    this.#unlistedWords.add(word);
    this.log.warn({ word }, 'a status that is in no document; payments keep the one they have');
  }
}

/** Undefined where nothing is left of them, or where what to take out cannot be read. */
function cleanedOf(words: string, payment: PaymentSession): string | undefined {
  if (isUnreadable(payment, 'name', 'email', 'sessionId')) return undefined;
  const cleaned = cleanWords(words, personalDataOf(payment));
  return cleaned === '' ? undefined : cleaned;
}

function personalDataOf({ customer, sessionId }: PaymentSession) {
  return [customer.name, customer.email, sessionId].filter((each) => each !== undefined);
}
