import { randomUUID } from 'node:crypto';

/** An issued access token. `expiresAt` is in milliseconds since the epoch. */
export interface Token {
  expiresAt: number;
  startedSession: boolean;
}

/** A status change of a payment. `status` is one of the nine documented statuses, or any other that a test sets. */
export interface Change {
  status: string;
  statusDetails?: string | undefined;
  at: string;
}

/** The payment behind a session. `earlier` holds the changes before the current one, oldest first. */
export interface PaymentRequest {
  requestId: string;
  transactionId: string;
  paymentReferenceNumber: string;
  current: Change;
  earlier: Change[];
}

/** The client's data of a payment. `amount` is its text exactly as in the body. */
export interface SessionDetails {
  customerName: string;
  customerEmail: string;
  amount: string;
  userId: string;
  referenceId: string;
  clientUrls: string[];
}

/** A session and its payment. */
export interface Session extends SessionDetails {
  sessionId: string;
  startedBy: 'initiate' | 'sendrequest';
  startedAt: string;
  /** Set only if the session was cancelled before it had a payment request. */
  cancelledAt?: string;
  paymentRequest?: PaymentRequest;
}

/** An e-mail that Flinks would have sent. */
export interface Message {
  at: string;
  to: string;
  customerName: string;
  amount: string;
  referenceId: string;
  sessionId: string;
  link: string;
}

/** The memory of the sandbox. Its methods are synchronous, so that no two calls interleave. */
export class State {
  readonly tokens = new Map<string, Token>();
  readonly sessions = new Map<string, Session>();
  readonly sessionsByRequest = new Map<string, Session>();
  outbox: Message[] = [];

  /** Creates and stores an access token. */
  issueToken(lifeSeconds: number): string {
    const token = randomUUID();
    this.tokens.set(token, { expiresAt: Date.now() + lifeSeconds * 1_000, startedSession: false });
    return token;
  }

  /** Creates and stores a session without a payment request. */
  startSession(startedBy: Session['startedBy'], details: SessionDetails): Session {
    const session = { sessionId: randomUUID(), startedBy, startedAt: new Date().toISOString(), ...details };
    this.sessions.set(session.sessionId, session);
    return session;
  }

  /** Adds the payment request of a session. */
  addPaymentRequest(session: Session, current: Change, requestId: string = randomUUID()): PaymentRequest {
    const paymentReferenceNumber = `SANDBOX-${this.sessionsByRequest.size + 1}`;
    const paymentRequest = { requestId, transactionId: randomUUID(), paymentReferenceNumber, current, earlier: [] };
    session.paymentRequest = paymentRequest;
    this.sessionsByRequest.set(requestId, session);
    return paymentRequest;
  }

  /** Puts the e-mail for a session into the outbox. */
  post(session: Session, link: string): void {
    const { customerEmail: to, customerName, amount, referenceId, sessionId } = session;
    this.outbox.push({ at: new Date().toISOString(), to, customerName, amount, referenceId, sessionId, link });
  }

  /** Forgets everything. */
  clear(): void {
    this.tokens.clear();
    this.sessions.clear();
    this.sessionsByRequest.clear();
    this.outbox = [];
  }
}
