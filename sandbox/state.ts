import { randomUUID } from 'node:crypto';

export interface Token {
  expiresAt: number;
  startedSession: boolean;
}

/** A status that a payment got. `status` is one of the nine documented words, or any other that a test asked for. */
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

/** What the caller told about a payment; `amount` is the text as it stood in the body. */
export interface SessionDetails {
  customerName: string;
  customerEmail: string;
  amount: string;
  userId: string;
  referenceId: string;
  clientUrls: string[];
}

export interface Session extends SessionDetails {
  sessionId: string;
  startedBy: 'initiate' | 'sendrequest';
  startedAt: string;
  /** Only of a session that was cancelled before it had a payment request. */
  cancelledAt?: string;
  paymentRequest?: PaymentRequest;
}

export interface Message {
  at: string;
  to: string;
  customerName: string;
  amount: string;
  referenceId: string;
  sessionId: string;
  link: string;
}

/** All that the stand-in remembers. Its methods are synchronous, so that no two calls interleave. */
export class State {
  readonly tokens = new Map<string, Token>();
  readonly sessions = new Map<string, Session>();
  readonly sessionsByRequest = new Map<string, Session>();
  outbox: Message[] = [];

  issueToken(lifeSeconds: number): string {
    const token = randomUUID();
    this.tokens.set(token, { expiresAt: Date.now() + lifeSeconds * 1_000, startedSession: false });
    return token;
  }

  startSession(startedBy: Session['startedBy'], details: SessionDetails): Session {
    const session = { sessionId: randomUUID(), startedBy, startedAt: new Date().toISOString(), ...details };
    this.sessions.set(session.sessionId, session);
    return session;
  }

  addPaymentRequest(session: Session, current: Change, requestId: string = randomUUID()): PaymentRequest {
    const paymentReferenceNumber = `SANDBOX-${this.sessionsByRequest.size + 1}`;
    const paymentRequest = { requestId, transactionId: randomUUID(), paymentReferenceNumber, current, earlier: [] };
    session.paymentRequest = paymentRequest;
    this.sessionsByRequest.set(requestId, session);
    return paymentRequest;
  }

  post(session: Session, link: string): void {
    const { customerEmail: to, customerName, amount, referenceId, sessionId } = session;
    this.outbox.push({ at: new Date().toISOString(), to, customerName, amount, referenceId, sessionId, link });
  }

  clear(): void {
    this.tokens.clear();
    this.sessions.clear();
    this.sessionsByRequest.clear();
    this.outbox = [];
  }
}
