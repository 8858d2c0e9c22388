import type { ChangeListener, Changes } from '../contracts/changes.js';

/** Change notifications for a database that belongs to one process. */
export class LocalChanges implements Changes {
  #listener: ChangeListener | undefined;

  publish(paymentId: string): void {
    this.#listener?.onChange(paymentId);
  }

  subscribe(listener: ChangeListener): void {
    this.#listener = listener;
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
