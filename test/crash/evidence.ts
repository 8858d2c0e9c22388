import type { SandboxMessage, SandboxSession } from '../support/sandbox.js';

/** A payment that one user wants to make once, with one key, regardless of the number of requests. */
export interface Intention {
  readonly key: string;
  readonly operation: 'createPaymentSession' | 'sendPaymentRequest';
  readonly referenceId: string;
  readonly amountMinor: number;
}

/** A payment in a response. */
export interface ReceivedPayment {
  readonly id: string;
  readonly referenceId: string;
  readonly status: string;
  readonly amount: { readonly value: string };
  readonly flinksSessionId: string | null;
  readonly paymentUrl: string | null;
}

/** The outcome for a client: no complete response, a response without a result, or a member of the result union. */
export type ClientResponse =
  | { readonly kind: 'lost'; readonly reason: string }
  | { readonly kind: 'error'; readonly status: number; readonly code: string }
  | {
      readonly kind: 'result';
      readonly name: string;
      readonly retryAdvice: string | undefined;
      readonly retryAfterMs: number | undefined;
      readonly replayed: boolean | undefined;
      readonly payment: ReceivedPayment | undefined;
    };

/** One HTTP call. Times are milliseconds since the start of the run. Calls of the phase `replay` come after all faults. */
export interface Call {
  readonly key: string;
  readonly replica: number;
  readonly phase: 'load' | 'replay';
  readonly fromMs: number;
  readonly toMs: number;
  readonly response: ClientResponse;
}

/** A fault that the crash test caused. Without `replica` it affects all replicas. */
export interface Fault {
  readonly kind: 'kill' | 'pause' | 'Flinks connection' | 'Flinks' | 'database';
  readonly description: string;
  readonly replica?: number;
  readonly fromMs: number;
  readonly toMs: number;
}

export interface StoredPayment {
  readonly id: string;
  readonly delivery: string;
  readonly status: string;
  readonly referenceId: string;
  readonly amountMinor: number;
  readonly hasSession: boolean;
}

/** The contents of the store. Events are in the order in which they happened. */
export interface StoreRows {
  readonly payments: readonly StoredPayment[];
  readonly events: readonly { readonly paymentId: string; readonly status: string }[];
  readonly keys: readonly { readonly key: string; readonly paymentId: string; readonly state: string }[];
  readonly orphans: readonly { readonly paymentId: string; readonly attempt: number }[];
}

/** Everything that is known after a run. `findViolations` checks it. */
export interface Evidence {
  readonly intentions: readonly Intention[];
  readonly calls: readonly Call[];
  /** The longest time that an attempt may take. */
  readonly mutationTimeoutMs: number;
  /** Keys whose clients still had no final result long after the last fault. */
  readonly keysWithoutResult: readonly string[];
  readonly faults: readonly Fault[];
  /** Gateways that ended without being killed, with the end of their output. */
  readonly crashes: readonly string[];
  readonly sessions: readonly SandboxSession[];
  readonly outbox: readonly Pick<SandboxMessage, 'referenceId' | 'sessionId'>[];
  /** The store after a lease without faults. */
  readonly atRest: StoreRows;
  /** The store after the last replay. */
  readonly atEnd: StoreRows;
}
