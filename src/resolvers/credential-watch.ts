import type { RequestContext } from './request-context.js';

/** How often API keys are checked again. */
const RECHECK_MS = 30_000;
/** The longest delay of a timer in Node. */
const MAX_TIMER_MS = 2 ** 31 - 1;

/** Something that lasts no longer than the credentials of its reader. */
export interface CredentialHolder {
  readonly reader: Pick<RequestContext, 'client' | 'isClientCurrent'>;
  /** Called when the credentials expire, and when they are found to be revoked. */
  onExpired(): void;
}

type Holders = Set<CredentialHolder>;

/** Calls `onExpired` of a holder from now on. */
export function watchCredentials(holder: CredentialHolder): void {
  const { expiresAt, apiKey } = holder.reader.client;
  if (apiKey !== undefined) keys.add(apiKey, holder);
  if (expiresAt !== undefined) expiries.add(expiresAt.getTime(), holder);
}

/** Undoes `watchCredentials`. */
export function unwatchCredentials(holder: CredentialHolder): void {
  const { expiresAt, apiKey } = holder.reader.client;
  if (apiKey !== undefined) keys.remove(apiKey, holder);
  if (expiresAt !== undefined) expiries.remove(expiresAt.getTime(), holder);
}

interface Expiry {
  readonly holders: Holders;
  timer: NodeJS.Timeout | undefined;
}

/** One timer for all credentials that expire at the same time, such as those of one token. */
class ExpiryWatch {
  readonly #expiries = new Map<number, Expiry>();

  add(atMs: number, holder: CredentialHolder): void {
    const known = this.#expiries.get(atMs);
    if (known !== undefined) {
      known.holders.add(holder);
      return;
    }
    const expiry: Expiry = { holders: new Set([holder]), timer: undefined };
    this.#expiries.set(atMs, expiry);
    this.#wait(atMs, expiry);
  }

  remove(atMs: number, holder: CredentialHolder): void {
    const expiry = this.#expiries.get(atMs);
    if (expiry?.holders.delete(holder) !== true || expiry.holders.size > 0) return;
    clearTimeout(expiry.timer);
    this.#expiries.delete(atMs);
  }

  #wait(atMs: number, expiry: Expiry): void {
    const ms = atMs - Date.now();
    if (ms > 0) {
      expiry.timer = setTimeout(() => this.#wait(atMs, expiry), Math.min(ms, MAX_TIMER_MS)).unref();
      return;
    }
    this.#expiries.delete(atMs);
    for (const holder of expiry.holders) holder.onExpired();
  }
}

/** Checks each key once per interval, however many hold it. */
class KeyWatch {
  readonly #holders = new Map<string, Holders>();
  #timer: NodeJS.Timeout | undefined;

  add(key: string, holder: CredentialHolder): void {
    this.#holders.set(key, (this.#holders.get(key) ?? new Set()).add(holder));
    this.#timer ??= setInterval(() => void this.#recheck(), RECHECK_MS).unref();
  }

  remove(key: string, holder: CredentialHolder): void {
    const holders = this.#holders.get(key);
    if (holders?.delete(holder) !== true || holders.size > 0) return;
    this.#holders.delete(key);
    if (this.#holders.size > 0) return;
    clearInterval(this.#timer);
    this.#timer = undefined;
  }

  async #recheck(): Promise<void> {
    for (const holders of [...this.#holders.values()]) {
      const [first] = holders;
      if (first === undefined || (await first.reader.isClientCurrent())) continue;
      for (const holder of [...holders]) holder.onExpired();
    }
  }
}

const expiries = new ExpiryWatch();
const keys = new KeyWatch();
