import type { Deadline } from '../deadline.js';
import type { PaymentOrder } from '../domain/payment.js';
import type { PaymentIdentity } from '../domain/payment-mismatch.js';
import type { PaymentSessionStatus } from '../domain/payment-status.js';
import { Sensitive } from '../domain/sensitive.js';
import type { CallHealth } from './call-health.js';
import type { Call, Caller, Permit } from './caller.js';
import type { UpstreamProfile } from './profile.js';
import type { AccessToken } from './tokens/access-token.js';
import type { TokenSource } from './tokens/token-source.js';
import { statusOfWord } from './translate.js';
import type { WireRequest } from './transport.js';
import type { Verdict } from './verdict.js';
import { ALREADY_LINKED_STATUS, activateReply, activateRequest } from './wire/activate.js';
import { cancelReply, cancelRequest } from './wire/cancel.js';
import { detailsReply, detailsRequest } from './wire/details.js';
import { tokenHeaders } from './wire/headers.js';
import { initiateRequest } from './wire/initiate.js';
import { lookUpReply, lookUpRequest } from './wire/look-up.js';
import { sendRequestRequest } from './wire/send-request.js';
import { sessionReply } from './wire/session.js';

/** A session at Flinks, with the token that started it: its activation goes with the same one. */
export interface StartedSession {
  readonly sessionId: Sensitive<string>;
  readonly token: AccessToken;
  /** What Flinks knows of the payer and may repeat in its words. */
  readonly hidden: readonly Sensitive<string>[];
}

/** `paymentRequestId` is undefined when Flinks does not say under which id, as of a session that was active already. */
export interface Activation {
  readonly paymentRequestId: string | undefined;
}

/** What Flinks says of how a payment stands. */
export interface LookedUpStatus {
  /** Undefined when Flinks used a word that is in no document. */
  readonly status: PaymentSessionStatus | undefined;
  readonly word: string;
  readonly details: string | undefined;
  /** Of which payment it says so. */
  readonly identity: PaymentIdentity;
}

interface StatusReply {
  readonly status: string;
  readonly statusDetails?: string | null | undefined;
  readonly identity: PaymentIdentity;
}

/**
 * Flinks Pay in our words, one method an upstream call. A 401 is answered with one replay on a fresh token; nothing else is
 * repeated here. Every call ends by its deadline.
 */
export class FlinksClient {
  constructor(
    private readonly caller: Caller,
    private readonly tokens: TokenSource,
    private readonly health: CallHealth,
    /** The environment name given at onboarding. */
    private readonly instance: string,
    private readonly profile: UpstreamProfile,
  ) {}

  /** Makes a session that cannot be paid before it is activated. A lost answer does no harm. */
  initiateSession(order: PaymentOrder, deadline: Deadline): Promise<Verdict<StartedSession>> {
    return this.#startSession('initiate', initiateRequest(order, this.profile), order, deadline);
  }

  /** Makes a session and has Flinks e-mail the payer. After a lost answer the e-mail may be out. */
  sendPaymentRequest(order: PaymentOrder, deadline: Deadline, permit: Permit): Promise<Verdict<StartedSession>> {
    return this.#startSession('sendrequest', sendRequestRequest(order, this.profile), order, deadline, permit);
  }

  /** Makes a started session payable. One that is active already counts as done. */
  async activateSession(session: StartedSession, deadline: Deadline): Promise<Verdict<Activation>> {
    const { sessionId, token } = session;
    const hidden = [sessionId, ...session.hidden];
    const call = { endpoint: 'activate', reply: activateReply, hidden } as const;
    const make = this.#bearing({ ...call, request: activateRequest(sessionId) }, deadline);
    const verdict = await this.#noted(this.tokens.callWithAny(make, deadline, token));
    if (verdict.kind === 'done') return { kind: 'done', value: { paymentRequestId: verdict.value.requestId } };
    if (verdict.kind === 'refused' && verdict.status === ALREADY_LINKED_STATUS)
      return { kind: 'done', value: { paymentRequestId: undefined } };
    return verdict;
  }

  /** Asks how a payment stands. */
  lookUpPayment(paymentRequestId: string, deadline: Deadline): Promise<Verdict<LookedUpStatus>> {
    return this.#askStatus(
      { endpoint: 'look-up', reply: lookUpReply, request: lookUpRequest(paymentRequestId) },
      deadline,
    );
  }

  /** Asks how the payment of a session stands. */
  lookUpSession(sessionId: Sensitive<string>, deadline: Deadline): Promise<Verdict<LookedUpStatus>> {
    const call = { endpoint: 'details', reply: detailsReply, hidden: [sessionId] } as const;
    return this.#askStatus({ ...call, request: detailsRequest(sessionId) }, deadline);
  }

  /** Ends a session; the answer tells how its payment stands then. To repeat it does no harm. */
  cancelSession(sessionId: Sensitive<string>, deadline: Deadline): Promise<Verdict<LookedUpStatus>> {
    const call = { endpoint: 'cancel', reply: cancelReply, hidden: [sessionId] } as const;
    return this.#askStatus({ ...call, request: cancelRequest(sessionId) }, deadline);
  }

  /** A call about one payment that is answered with its status. */
  async #askStatus(call: Call<StatusReply>, deadline: Deadline): Promise<Verdict<LookedUpStatus>> {
    const make = this.#bearing({ ...call, namesResource: true }, deadline);
    const verdict = await this.#noted(this.tokens.callWithAny(make, deadline));
    if (verdict.kind !== 'done') return verdict;
    const { status: word, statusDetails, identity } = verdict.value;
    return { kind: 'done', value: { status: statusOfWord(word), word, details: statusDetails ?? undefined, identity } };
  }

  #startSession(
    endpoint: 'initiate' | 'sendrequest',
    request: WireRequest,
    order: PaymentOrder,
    deadline: Deadline,
    permit?: Permit,
  ): Promise<Verdict<StartedSession>> {
    const hidden = [order.customer.name, order.customer.email, new Sensitive(order.customer.userId)];
    const make = this.#bearing({ endpoint, request, reply: sessionReply, hidden, permit }, deadline);
    const start = async (token: AccessToken): Promise<Verdict<StartedSession>> => {
      const verdict = await make(token);
      return verdict.kind === 'done' ? { kind: 'done', value: { ...verdict.value, token, hidden } } : verdict;
    };
    return this.#noted(this.tokens.startSession(start, deadline));
  }

  async #noted<T>(call: Promise<Verdict<T>>): Promise<Verdict<T>> {
    const verdict = await call;
    this.health.note(verdict);
    return verdict;
  }

  /** The same call with the headers of every call after authorize. */
  #bearing<T>(call: Call<T>, deadline: Deadline): (token: AccessToken) => Promise<Verdict<T>> {
    return (token) => {
      const request = {
        ...call.request,
        headers: { ...call.request.headers, ...tokenHeaders(token.value, this.instance, this.profile) },
      };
      return this.caller.make({ ...call, request }, deadline);
    };
  }
}
