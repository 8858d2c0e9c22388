/** What localStorage and sessionStorage are, as far as it is needed here. */
export interface KeyStorage {
  getItem(name: string): string | null;
  setItem(name: string, value: string): void;
  removeItem(name: string): void;
}

interface OwnKey {
  readonly key: string;
  readonly isStored: boolean;
}

/**
 * One idempotency key for each intention of the user. The application names an intention after what the user decided about, such
 * as `order-1042`; the key is made when the name is first paid for, and stays the same until `renew`.
 *
 * `storage`: where keys outlive the page. Absent: localStorage, which tabs share. Where there is none, or it fails (private mode,
 * full), keys last as long as this object.
 */
export class PaymentIntentions {
  readonly #storage: KeyStorage | undefined;
  readonly #own = new Map<string, OwnKey>();

  constructor(storage = browserStorage()) {
    this.#storage = storage;
  }

  /** The key of an intention; a UUID. */
  keyOf(name: string): string {
    const own = this.#own.get(name);
    // What the storage did not take is newer than what it has. Otherwise another tab may have begun anew.
    const stored = own?.isStored === false ? null : this.#read(name);
    const key = stored ?? own?.key ?? crypto.randomUUID();
    this.#own.set(name, { key, isStored: stored !== null || this.#write(name, key) });
    return key;
  }

  /** A person has decided anew: from now on the name means another payment, in all tabs. */
  renew(name: string): void {
    const key = crypto.randomUUID();
    this.#own.set(name, { key, isStored: this.#write(name, key) });
  }

  /** Clears up after an intention whose name is never paid for again. If it is, that is another payment. */
  forget(name: string): void {
    this.#own.delete(name);
    attempt(() => this.#storage?.removeItem(itemOf(name)));
  }

  #read(name: string): string | null {
    return attempt(() => this.#storage?.getItem(itemOf(name))) ?? null;
  }

  #write(name: string, key: string): boolean {
    attempt(() => this.#storage?.setItem(itemOf(name), key));
    return this.#read(name) === key;
  }
}

const itemOf = (name: string): string => `flinks-pay-intention:${name}`;

/** Browsers that block storage throw at the mention of it. */
function browserStorage(): KeyStorage | undefined {
  return attempt(() => (globalThis as { localStorage?: KeyStorage }).localStorage);
}

function attempt<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch {
    return undefined;
  }
}
