import type { SandboxMessage, SandboxSession } from '../support/sandbox.js';

/** One intention of a user: one key, however often and by whomever it is sent. */
export interface Intent {
  readonly key: string;
  readonly operation: 'createPaymentSession' | 'sendPaymentRequest';
  readonly referenceId: string;
  readonly amountMinor: number;
}

/** A payment as an answer shows it. */
export interface AnsweredPayment {
  readonly id: string;
  readonly referenceId: string;
  readonly status: string;
  readonly amount: { readonly value: string };
  readonly flinksSessionId: string | null;
  readonly paymentUrl: string | null;
}

/** What a client got. lost: no whole answer. fault: an answer outside the result unions. member: one of the unions. */
export type Answer =
  | { readonly kind: 'lost'; readonly reason: string }
  | { readonly kind: 'fault'; readonly status: number; readonly code: string }
  | {
      readonly kind: 'member';
      readonly name: string;
      readonly retryAdvice: string | undefined;
      readonly retryAfterMs: number | undefined;
      readonly replayed: boolean | undefined;
      readonly payment: AnsweredPayment | undefined;
    };

/** One HTTP call. Times are milliseconds since the start of the run. `replay`: made when everything was healthy again. */
export interface Call {
  readonly key: string;
  readonly replica: number;
  readonly phase: 'load' | 'replay';
  readonly fromMs: number;
  readonly toMs: number;
  readonly answer: Answer;
}

/** What the harness did. Without `replica` it concerned all of them. */
export interface Fault {
  readonly kind: 'kill' | 'pause' | 'cut' | 'upstream' | 'store';
  readonly what: string;
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

/** What the store holds. Events stand in the order in which they happened. */
export interface StoreRows {
  readonly payments: readonly StoredPayment[];
  readonly events: readonly { readonly paymentId: string; readonly status: string }[];
  readonly keys: readonly { readonly key: string; readonly paymentId: string; readonly state: string }[];
  readonly abandoned: readonly { readonly paymentId: string; readonly attempt: number }[];
}

/** All that is known after a run, for the judge. */
export interface Evidence {
  readonly intents: readonly Intent[];
  readonly calls: readonly Call[];
  /** How long an attempt may go on. */
  readonly mutationMs: number;
  /** Keys whose clients still had no final answer long after everything was healthy. */
  readonly unanswered: readonly string[];
  readonly faults: readonly Fault[];
  /** Gateways that ended by themselves, with the last that they wrote. */
  readonly crashes: readonly string[];
  readonly sessions: readonly SandboxSession[];
  readonly outbox: readonly Pick<SandboxMessage, 'referenceId' | 'sessionId'>[];
  /** As the store was when all had been healthy for a lease, and after the last replay. */
  readonly atRest: StoreRows;
  readonly atEnd: StoreRows;
}
