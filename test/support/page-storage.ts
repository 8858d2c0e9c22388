import type { KeyStorage } from '../../client/src/intentions.js';

/** A localStorage for tests. */
export class PageStorage implements KeyStorage {
  readonly #items = new Map<string, string>();
  /** While true, writes fail as in a full storage. */
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

/** The storage of a browser that blocks it. */
export const BLOCKED: KeyStorage = {
  getItem: blocked,
  setItem: blocked,
  removeItem: blocked,
};

function blocked(): never {
  throw new DOMException('blocked', 'SecurityError');
}
