/** Receives changes of payments. None of these functions may throw. */
export interface ChangeListener {
  /** A payment has changed, on any replica. */
  readonly onChange: (paymentId: string) => void;
  /** From now on changes on other replicas are not reported. */
  readonly onLost: (problem: string) => void;
  /** From now on they are reported again; some may have been missed. */
  readonly onListening: () => void;
}

/**
 * Notifies listeners of changed payments. Notifications may get lost: a replica may crash between a change and its
 * notification. Code that must not miss a change compares `event_count` from time to time.
 */
export interface Changes {
  /** Reports a change. Call it after the commit. */
  publish(paymentId: string): void;
  /** Registers a listener. */
  subscribe(listener: ChangeListener): void;
  /** Stops listening and releases the connection. */
  close(): Promise<void>;
}
