import type { Sensitive } from '../../domain/sensitive.js';

/** A session at Flinks that an attempt left behind and nobody was given. */
export interface OrphanedSession {
  readonly id: number;
  readonly paymentId: string;
  /** Undefined where this replica cannot open it. */
  readonly sessionId: Sensitive<string> | undefined;
}

export interface OrphanStore {
  /** Takes up to so many that are not settled, for so long; other replicas get others. */
  leaseDue(most: number, forMs: number): Promise<OrphanedSession[]>;
  /** Notes that Flinks can do no more about it. */
  resolve(id: number): Promise<void>;
}
