import type { Sensitive } from '../../domain/sensitive.js';

/** A Flinks session that an attempt left behind and no client received. */
export interface OrphanedSession {
  readonly id: number;
  readonly paymentId: string;
  /** Undefined where this replica cannot decrypt it. */
  readonly sessionId: Sensitive<string> | undefined;
}

/** Stores orphaned sessions until Flinks can do nothing more about them. Every method is one durable step. */
export interface OrphanStore {
  /** Leases at most `limit` unresolved sessions for `leaseMs` milliseconds; other replicas get others. */
  leaseDue(limit: number, leaseMs: number): Promise<OrphanedSession[]>;
  /** Records that nothing more can be done about a session at Flinks. */
  resolve(id: number): Promise<void>;
}
