import type { Deadline } from '../lib/deadline.js';
import type { PaymentDetails } from '../domain/payment.js';
import type { PaymentIdentity } from '../domain/payment-mismatch.js';
import type { PaymentSessionStatus } from '../domain/payment-status.js';
import { Sensitive } from '../domain/sensitive.js';
import type { ProviderHealth } from './provider-health.js';
import type { ProviderCall, RequestExecutor, BeforeSend } from './request-executor.js';
import type { ApiVariant } from './api-variant.js';
import type { AccessToken } from './tokens/access-token.js';
import type { TokenSource } from './tokens/token-source.js';
import { toPaymentStatus } from './status-mapping.js';
import type { WireRequest } from './transport.js';
import type { CallResult } from './call-result.js';
import { ALREADY_LINKED_STATUS, activateResponse, activateRequest } from './wire/activate.js';
import { cancelResponse, cancelRequest } from './wire/cancel.js';
import { detailsResponse, detailsRequest } from './wire/details.js';
import { tokenHeaders } from './wire/headers.js';
import { initiateRequest } from './wire/initiate.js';
import { lookupResponse, lookupRequest } from './wire/lookup.js';
import { buildSendRequest } from './wire/send-request.js';
import { sessionResponse } from './wire/session.js';

/** A session at Flinks, with the token that started it: its activation goes with the same one. */
export interface StartedSession {
  readonly sessionId: Sensitive<string>;
  readonly token: AccessToken;
  /** What Flinks knows of the payer and may repeat in its words. */
  readonly sensitive: readonly Sensitive<string>[];
}

/** `paymentRequestId` is undefined when Flinks does not say under which id, as of a session that was active already. */
export interface Activation {
  readonly paymentRequestId: string | undefined;
}

/** What Flinks says of how a payment stands. */
export interface ReportedStatus {
  /** Undefined when Flinks used a word that is in no document. */
  readonly status: PaymentSessionStatus | undefined;
  readonly providerStatus: string;
  readonly details: string | undefined;
  /** Of which payment it says so. */
  readonly identity: PaymentIdentity;
}

interface StatusResponse {
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
    private readonly executor: RequestExecutor,
    private readonly tokens: TokenSource,
    private readonly health: ProviderHealth,
    /** The environment name given at onboarding. */
    private readonly instance: string,
    private readonly variant: ApiVariant,
  ) {}

  /** Makes a session that cannot be paid before it is activated. A lost answer does no harm. */
  initiateSession(order: PaymentDetails, deadline: Deadline): Promise<CallResult<StartedSession>> {
    return this.#startSession('initiate', initiateRequest(order, this.variant), order, deadline);
  }

  /** Makes a session and has Flinks e-mail the payer. After a lost answer the e-mail may be out. */
  sendPaymentRequest(
    order: PaymentDetails,
    deadline: Deadline,
    beforeSend: BeforeSend,
  ): Promise<CallResult<StartedSession>> {
    return this.#startSession('sendrequest', buildSendRequest(order, this.variant), order, deadline, beforeSend);
  }

  /** Makes a started session payable. One that is active already counts as done. */
  async activateSession(session: StartedSession, deadline: Deadline): Promise<CallResult<Activation>> {
    const { sessionId, token } = session;
    const sensitive = [sessionId, ...session.sensitive];
    const call = { endpoint: 'activate', response: activateResponse, sensitive } as const;
    const make = this.#withToken({ ...call, request: activateRequest(sessionId) }, deadline);
    const result = await this.#recordHealth(this.tokens.withAnyToken(make, deadline, token));
    if (result.kind === 'done') return { kind: 'done', value: { paymentRequestId: result.value.requestId } };
    if (result.kind === 'refused' && result.status === ALREADY_LINKED_STATUS)
      return { kind: 'done', value: { paymentRequestId: undefined } };
    return result;
  }

  /** Asks how a payment stands. */
  lookupPayment(paymentRequestId: string, deadline: Deadline): Promise<CallResult<ReportedStatus>> {
    return this.#askStatus(
      { endpoint: 'lookup', response: lookupResponse, request: lookupRequest(paymentRequestId) },
      deadline,
    );
  }

  /** Asks how the payment of a session stands. */
  lookupSession(sessionId: Sensitive<string>, deadline: Deadline): Promise<CallResult<ReportedStatus>> {
    const call = { endpoint: 'details', response: detailsResponse, sensitive: [sessionId] } as const;
    return this.#askStatus({ ...call, request: detailsRequest(sessionId) }, deadline);
  }

  /** Ends a session; the answer tells how its payment stands then. To repeat it does no harm. */
  cancelSession(sessionId: Sensitive<string>, deadline: Deadline): Promise<CallResult<ReportedStatus>> {
    const call = { endpoint: 'cancel', response: cancelResponse, sensitive: [sessionId] } as const;
    return this.#askStatus({ ...call, request: cancelRequest(sessionId) }, deadline);
  }

  /** A call about one payment that is answered with its status. */
  async #askStatus(call: ProviderCall<StatusResponse>, deadline: Deadline): Promise<CallResult<ReportedStatus>> {
    const make = this.#withToken({ ...call, namesResource: true }, deadline);
    const result = await this.#recordHealth(this.tokens.withAnyToken(make, deadline));
    if (result.kind !== 'done') return result;
    const { status: word, statusDetails, identity } = result.value;
    return {
      kind: 'done',
      value: { status: toPaymentStatus(word), providerStatus: word, details: statusDetails ?? undefined, identity },
    };
  }

  #startSession(
    endpoint: 'initiate' | 'sendrequest',
    request: WireRequest,
    order: PaymentDetails,
    deadline: Deadline,
    beforeSend?: BeforeSend,
  ): Promise<CallResult<StartedSession>> {
    const sensitive = [order.customer.name, order.customer.email, new Sensitive(order.customer.userId)];
    const make = this.#withToken(
      { endpoint, request, response: sessionResponse, sensitive: sensitive, beforeSend },
      deadline,
    );
    const start = async (token: AccessToken): Promise<CallResult<StartedSession>> => {
      const result = await make(token);
      return result.kind === 'done'
        ? { kind: 'done', value: { ...result.value, token, sensitive: sensitive } }
        : result;
    };
    return this.#recordHealth(this.tokens.startSession(start, deadline));
  }

  async #recordHealth<T>(call: Promise<CallResult<T>>): Promise<CallResult<T>> {
    const result = await call;
    this.health.record(result);
    return result;
  }

  /** The same call with the headers of every call after authorize. */
  #withToken<T>(call: ProviderCall<T>, deadline: Deadline): (token: AccessToken) => Promise<CallResult<T>> {
    return (token) => {
      const request = {
        ...call.request,
        headers: { ...call.request.headers, ...tokenHeaders(token.value, this.instance, this.variant) },
      };
      return this.executor.execute({ ...call, request }, deadline);
    };
  }
}
