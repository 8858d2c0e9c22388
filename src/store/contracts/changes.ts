/** Told of changes of payments; none of these may throw. */
export interface ChangeListener {
  /** A payment has changed, on whichever replica. */
  readonly onChange: (paymentId: string) => void;
  /** From now on changes on other replicas go by untold. */
  readonly onLost: (problem: string) => void;
  /** From now on they are told again; some may have gone by. */
  readonly onListening: () => void;
}

/**
 * Which payments have changed. Hints only, of which some may get lost: a replica may die between the change and its telling.
 * Who must not miss a change compares `event_count` now and then.
 */
export interface Changes {
  /** To be called after the commit of a change. */
  publish(paymentId: string): void;
  /** Begins to tell one listener. */
  subscribe(listener: ChangeListener): void;
  close(): Promise<void>;
}
