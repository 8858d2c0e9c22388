import type { KeyStorage } from '../../client/src/intentions.js';

/** What localStorage is to the pages of a browser. */
export class PageStorage implements KeyStorage {
  readonly #items = new Map<string, string>();
  /** Set while it refuses what is written to it, as one that is full. */
  isFull = false;

  getItem(name: string): string | null {
    return this.#items.get(name) ?? null;
  }

  setItem(name: string, value: string): void {
    if (this.isFull) throw new DOMException('full', 'QuotaExceededError');
    this.#items.set(name, value);
  }

  removeItem(name: string): void {
    this.#items.delete(name);
  }

  clear(): void {
    this.#items.clear();
  }
}

/** As browsers are that block storage. */
export const BLOCKED: KeyStorage = {
  getItem: blocked,
  setItem: blocked,
  removeItem: blocked,
};

function blocked(): never {
  throw new DOMException('blocked', 'SecurityError');
}
