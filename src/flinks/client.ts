import type { PaymentDetails } from '../domain/payment.js';
import type { ProviderResult } from '../domain/provider-result.js';
import { Sensitive } from '../domain/sensitive.js';
import type { Deadline } from '../lib/deadline.js';
import type { ApiVariant } from './api-variant.js';
import { NOT_CALLED_YET, healthOf } from './provider-health.js';
import type { ProviderCall, RequestExecutor, BeforeSend } from './request-executor.js';
import type { AccessToken, TokenCall, TokenSource } from './tokens/token-source.js';
import type { WireRequest } from './transport.js';
import {
  ALREADY_LINKED_STATUS,
  activateResponse,
  activateRequest,
  lookupResponse,
  lookupRequest,
} from './wire/payment-requests.js';
import type { ReportedStatus } from './wire/reported-status.js';
import {
  cancelResponse,
  cancelRequest,
  detailsResponse,
  detailsRequest,
  initiateRequest,
  sendRequest,
  sessionResponse,
} from './wire/sessions.js';

/** A session at Flinks, with the token that started it: the activation uses the same token. */
export interface StartedSession {
  readonly sessionId: Sensitive<string>;
  readonly token: AccessToken;
  /** The payer's data that was sent to Flinks, redacted from Flinks's messages in case they repeat it. */
  readonly sensitive: readonly Sensitive<string>[];
}

/**
 * Flinks Pay's API in the gateway's terms, one method for each upstream call. Paths, fields and their sources are in
 * `wire/`. A 401 response leads to one replay with a fresh token; nothing else is repeated here. Every call ends by its
 * deadline. Methods do not throw for failures of Flinks or the network: they resolve to a `ProviderResult`.
 */
export class FlinksClient {
  /** Flinks's health after the last call. */
  health = NOT_CALLED_YET;

  constructor(
    private readonly executor: RequestExecutor,
    private readonly tokens: TokenSource,
    /** The environment name assigned at onboarding, sent as `BaseURI`. */
    private readonly instance: string,
    private readonly variant: ApiVariant,
  ) {}

  /**
   * POST /api/v1/sessions/initiate: creates a session that cannot be paid until it is activated, so a lost response
   * does no harm. `order` in: customer, amount in minor units (sent as a decimal with two places), reference, client
   * URLs. Out: the session id and the token that the activation should use.
   */
  initiateSession(order: PaymentDetails, deadline: Deadline): Promise<ProviderResult<StartedSession>> {
    return this.#startSession('initiate', initiateRequest(order, this.variant), order, deadline);
  }

  /**
   * POST /api/v1/sessions/sendrequest: creates a session and has Flinks e-mail the payer. After a lost response
   * (`unknown`) the e-mail may have been sent. In and out as for `initiateSession`. `beforeSend` is called just before
   * the first byte is sent; if it resolves to false, nothing is sent and the result is `not-executed`, `not-permitted`.
   */
  sendPaymentRequest(
    order: PaymentDetails,
    deadline: Deadline,
    beforeSend: BeforeSend,
  ): Promise<ProviderResult<StartedSession>> {
    return this.#startSession('sendrequest', sendRequest(order, this.variant), order, deadline, beforeSend);
  }

  /**
   * POST /api/v1/paymentrequests: makes a started session payable; repeating the call is safe. `paymentRequestId` is
   * undefined if Flinks did not report it, as when the session was active already (409 [inferred]), which is a success.
   */
  async activateSession(
    session: StartedSession,
    deadline: Deadline,
  ): Promise<ProviderResult<{ readonly paymentRequestId: string | undefined }>> {
    const { sessionId, token } = session;
    const sensitive = [sessionId, ...session.sensitive];
    const request = activateRequest(sessionId);
    const call = this.#withToken({ endpoint: 'activate', request, response: activateResponse, sensitive }, deadline);
    const result = await this.#recordHealth(this.tokens.withAnyToken(call, deadline, token));
    if (result.kind === 'succeeded') return { kind: 'succeeded', value: { paymentRequestId: result.value.requestId } };
    if (result.kind === 'rejected' && result.status === ALREADY_LINKED_STATUS)
      return { kind: 'succeeded', value: { paymentRequestId: undefined } };
    return result;
  }

  /** GET /api/v1/paymentrequests/{requestId}: looks up a status by payment request. A 404 is `rejected`. */
  lookupPayment(paymentRequestId: string, deadline: Deadline): Promise<ProviderResult<ReportedStatus>> {
    const request = lookupRequest(paymentRequestId);
    return this.#requestStatus({ endpoint: 'lookup', request, response: lookupResponse }, deadline);
  }

  /**
   * GET /api/v2/sessions/{sessionId}/details: looks up a payment's status by its session. Whether sessions of V1 are
   * found is undocumented. A 404 is `rejected`.
   */
  lookupSession(sessionId: Sensitive<string>, deadline: Deadline): Promise<ProviderResult<ReportedStatus>> {
    const call = { endpoint: 'details', response: detailsResponse, sensitive: [sessionId] } as const;
    return this.#requestStatus({ ...call, request: detailsRequest(sessionId) }, deadline);
  }

  /** POST /api/v2/sessions/{sessionId}/cancel: ends a session; out: the payment's status after that. Safe to repeat. */
  cancelSession(sessionId: Sensitive<string>, deadline: Deadline): Promise<ProviderResult<ReportedStatus>> {
    const call = { endpoint: 'cancel', response: cancelResponse, sensitive: [sessionId] } as const;
    return this.#requestStatus({ ...call, request: cancelRequest(sessionId) }, deadline);
  }

  /** Makes a call about one payment whose response reports its status. */
  #requestStatus(call: ProviderCall<ReportedStatus>, deadline: Deadline): Promise<ProviderResult<ReportedStatus>> {
    const callWithToken = this.#withToken({ ...call, namesResource: true }, deadline);
    return this.#recordHealth(this.tokens.withAnyToken(callWithToken, deadline));
  }

  #startSession(
    endpoint: 'initiate' | 'sendrequest',
    request: WireRequest,
    order: PaymentDetails,
    deadline: Deadline,
    beforeSend?: BeforeSend,
  ): Promise<ProviderResult<StartedSession>> {
    const sensitive = [order.customer.name, order.customer.email, new Sensitive(order.customer.userId)];
    const call = this.#withToken({ endpoint, request, response: sessionResponse, sensitive, beforeSend }, deadline);
    const start: TokenCall<StartedSession> = async (token) => {
      const result = await call(token);
      return result.kind === 'succeeded' ? { kind: 'succeeded', value: { ...result.value, token, sensitive } } : result;
    };
    return this.#recordHealth(this.tokens.startSession(start, deadline));
  }

  async #recordHealth<T>(call: Promise<ProviderResult<T>>): Promise<ProviderResult<T>> {
    const result = await call;
    this.health = healthOf(result);
    return result;
  }

  /** Adds the headers of every endpoint but authorize. Source: docs.flinks.com/guides/pay/troubleshooting. */
  #withToken<T>(call: ProviderCall<T>, deadline: Deadline): TokenCall<T> {
    return ({ value: token }) => {
      const bearer =
        this.variant.tokenHeader === 'Authorization'
          ? { authorization: new Sensitive(`Bearer ${token.reveal()}`) }
          : { bearertoken: token };
      const headers = { ...call.request.headers, ...bearer, baseuri: this.instance };
      return this.executor.execute({ ...call, request: { ...call.request, headers } }, deadline);
    };
  }
}
