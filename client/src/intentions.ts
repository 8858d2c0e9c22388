/** The part of the Web Storage interface (localStorage, sessionStorage) that is used here. */
export interface KeyStorage {
  /** Returns the value of an item, or null if there is none. */
  getItem(name: string): string | null;
  /** Sets the value of an item. May throw. */
  setItem(name: string, value: string): void;
  /** Removes an item, if there is one. */
  removeItem(name: string): void;
}

interface OwnKey {
  readonly key: string;
  readonly isStored: boolean;
}

/**
 * One idempotency key for each intention of the user. The application names an intention after what the user decided
 * about, such as `order-1042`. The key is created when the name is first used, and stays the same until `renew`.
 * `storage`: where keys outlive the page; by default localStorage, which all tabs share. If there is none or it fails
 * (private mode, full), keys last as long as this object.
 */
export class PaymentIntentions {
  readonly #storage: KeyStorage | undefined;
  readonly #own = new Map<string, OwnKey>();

  constructor(storage = browserStorage()) {
    this.#storage = storage;
  }

  /** The key of an intention, a UUID. */
  keyOf(name: string): string {
    const own = this.#own.get(name);
    // A key that could not be stored is newer than the stored one. Otherwise another tab may have renewed the key.
    const stored = own?.isStored === false ? null : this.#read(name);
    const key = stored ?? own?.key ?? crypto.randomUUID();
    this.#own.set(name, { key, isStored: stored !== null || this.#write(name, key) });
    return key;
  }

  /** Replaces the key after a person decided anew: from now on the name means another payment, in all tabs. */
  renew(name: string): void {
    const key = crypto.randomUUID();
    this.#own.set(name, { key, isStored: this.#write(name, key) });
  }

  /** Removes the key of an intention whose name is not used again. If it is, that is another payment. */
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

/** Browsers that block storage throw on access to the property. */
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
