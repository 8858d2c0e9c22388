import type { PaymentIdentity } from '../domain/payment-mismatch.js';
import type { PaymentSessionStatus } from '../domain/payment-status.js';
import type { PaymentDetails } from '../domain/payment.js';
import type { ProviderResult } from '../domain/provider-result.js';
import { Sensitive } from '../domain/sensitive.js';
import type { Deadline } from '../lib/deadline.js';
import type { ApiVariant } from './api-variant.js';
import type { ProviderHealth } from './provider-health.js';
import type { ProviderCall, RequestExecutor, BeforeSend } from './request-executor.js';
import { toPaymentStatus } from './status-mapping.js';
import type { AccessToken } from './tokens/access-token.js';
import type { TokenSource } from './tokens/token-source.js';
import type { WireRequest } from './transport.js';
import { ALREADY_LINKED_STATUS, activateResponse, activateRequest } from './wire/activate.js';
import { lookupResponse, lookupRequest } from './wire/lookup.js';
import { cancelResponse, cancelRequest, detailsResponse, detailsRequest } from './wire/sessions-v2.js';
import { initiateRequest, buildSendRequest, sessionResponse } from './wire/sessions.js';

/** A session at Flinks, with the token that started it: the activation uses the same token. */
export interface StartedSession {
  readonly sessionId: Sensitive<string>;
  readonly token: AccessToken;
  /** The payer's data that was sent to Flinks, redacted from Flinks's messages in case they repeat it. */
  readonly sensitive: readonly Sensitive<string>[];
}

/**
 * A session that can be paid. `paymentRequestId` is undefined if Flinks did not report it, for example because the
 * session was active already.
 */
export interface Activation {
  readonly paymentRequestId: string | undefined;
}

/** A payment's status as reported by Flinks. */
export interface ReportedStatus {
  /** Undefined if no document mentions the provider status. */
  readonly status: PaymentSessionStatus | undefined;
  /** The status as Flinks spells it. */
  readonly providerStatus: string;
  /** Flinks's own details on the status; may be personal, unredacted. */
  readonly details: string | undefined;
  /** The fields of the response that say which payment it describes; checked against the stored payment. */
  readonly identity: PaymentIdentity;
}

interface StatusResponse {
  readonly status: string;
  readonly statusDetails?: string | null | undefined;
  readonly identity: PaymentIdentity;
}

/**
 * Flinks Pay's API in the gateway's terms, one method for each upstream call.
 * A 401 response leads to one replay with a fresh token; nothing else is repeated here. Every call ends by its
 * deadline. Methods do not throw for failures of Flinks or the network: they resolve to a `ProviderResult` (see
 * `domain/provider-result.ts`), and report it to the provider health. Paths, fields and their sources are in `wire/`.
 */
export class FlinksClient {
  constructor(
    private readonly executor: RequestExecutor,
    private readonly tokens: TokenSource,
    private readonly health: ProviderHealth,
    /** The environment name assigned at onboarding, sent as `BaseURI`. */
    private readonly instance: string,
    private readonly variant: ApiVariant,
  ) {}

  /**
   * POST /api/v1/sessions/initiate: creates a session that cannot be paid until it is activated, so a lost response
   * does no harm.
   * `order` in: customer, amount in minor units (sent as a decimal with two places), reference, client URLs. Out: the
   * session id and the token that the activation should use.
   */
  initiateSession(order: PaymentDetails, deadline: Deadline): Promise<ProviderResult<StartedSession>> {
    return this.#startSession('initiate', initiateRequest(order, this.variant), order, deadline);
  }

  /**
   * POST /api/v1/sessions/sendrequest: creates a session and has Flinks e-mail the payer. After a lost response
   * (`unknown`) the e-mail may have been sent.
   * In and out as for `initiateSession`. `beforeSend` is called just before the first byte is sent; if it resolves to
   * false, nothing is sent and the result is `not-executed` with reason `not-permitted`.
   */
  sendPaymentRequest(
    order: PaymentDetails,
    deadline: Deadline,
    beforeSend: BeforeSend,
  ): Promise<ProviderResult<StartedSession>> {
    return this.#startSession('sendrequest', buildSendRequest(order, this.variant), order, deadline, beforeSend);
  }

  /**
   * POST /api/v1/paymentrequests: makes a started session payable. An already active session (409 [inferred]) counts as
   * done, with an undefined `paymentRequestId`. Repeating the call is safe.
   */
  async activateSession(session: StartedSession, deadline: Deadline): Promise<ProviderResult<Activation>> {
    const { sessionId, token } = session;
    const sensitive = [sessionId, ...session.sensitive];
    const call = { endpoint: 'activate', response: activateResponse, sensitive } as const;
    const make = this.#withToken({ ...call, request: activateRequest(sessionId) }, deadline);
    const result = await this.#recordHealth(this.tokens.withAnyToken(make, deadline, token));
    if (result.kind === 'succeeded') return { kind: 'succeeded', value: { paymentRequestId: result.value.requestId } };
    if (result.kind === 'rejected' && result.status === ALREADY_LINKED_STATUS)
      return { kind: 'succeeded', value: { paymentRequestId: undefined } };
    return result;
  }

  /**
   * GET /api/v1/paymentrequests/{requestId}: looks up a payment's status by its payment request. A 404 is `refused`,
   * since it is about the id.
   */
  lookupPayment(paymentRequestId: string, deadline: Deadline): Promise<ProviderResult<ReportedStatus>> {
    return this.#askStatus(
      { endpoint: 'lookup', response: lookupResponse, request: lookupRequest(paymentRequestId) },
      deadline,
    );
  }

  /**
   * GET /api/v2/sessions/{sessionId}/details: looks up a payment's status by its session. Whether sessions of V1 are
   * found is undocumented. A 404 is `refused`, since it is about the id.
   */
  lookupSession(sessionId: Sensitive<string>, deadline: Deadline): Promise<ProviderResult<ReportedStatus>> {
    const call = { endpoint: 'details', response: detailsResponse, sensitive: [sessionId] } as const;
    return this.#askStatus({ ...call, request: detailsRequest(sessionId) }, deadline);
  }

  /**
   * POST /api/v2/sessions/{sessionId}/cancel: ends a session; out: the payment's status after that. Repeating the call
   * is safe.
   */
  cancelSession(sessionId: Sensitive<string>, deadline: Deadline): Promise<ProviderResult<ReportedStatus>> {
    const call = { endpoint: 'cancel', response: cancelResponse, sensitive: [sessionId] } as const;
    return this.#askStatus({ ...call, request: cancelRequest(sessionId) }, deadline);
  }

  /** Makes a call about one payment whose response reports its status. */
  async #askStatus(call: ProviderCall<StatusResponse>, deadline: Deadline): Promise<ProviderResult<ReportedStatus>> {
    const make = this.#withToken({ ...call, namesResource: true }, deadline);
    const result = await this.#recordHealth(this.tokens.withAnyToken(make, deadline));
    if (result.kind !== 'succeeded') return result;
    const { status: providerStatus, statusDetails, identity } = result.value;
    return {
      kind: 'succeeded',
      value: { status: toPaymentStatus(providerStatus), providerStatus, details: statusDetails ?? undefined, identity },
    };
  }

  #startSession(
    endpoint: 'initiate' | 'sendrequest',
    request: WireRequest,
    order: PaymentDetails,
    deadline: Deadline,
    beforeSend?: BeforeSend,
  ): Promise<ProviderResult<StartedSession>> {
    const sensitive = [order.customer.name, order.customer.email, new Sensitive(order.customer.userId)];
    const make = this.#withToken({ endpoint, request, response: sessionResponse, sensitive, beforeSend }, deadline);
    const start = async (token: AccessToken): Promise<ProviderResult<StartedSession>> => {
      const result = await make(token);
      return result.kind === 'succeeded' ? { kind: 'succeeded', value: { ...result.value, token, sensitive } } : result;
    };
    return this.#recordHealth(this.tokens.startSession(start, deadline));
  }

  async #recordHealth<T>(call: Promise<ProviderResult<T>>): Promise<ProviderResult<T>> {
    const result = await call;
    this.health.record(result);
    return result;
  }

  /** Prepares a call that adds the headers required by every endpoint but authorize. */
  #withToken<T>(call: ProviderCall<T>, deadline: Deadline): (token: AccessToken) => Promise<ProviderResult<T>> {
    return (token) => {
      const request = {
        ...call.request,
        headers: { ...call.request.headers, ...tokenHeaders(token.value, this.instance, this.variant) },
      };
      return this.executor.execute({ ...call, request }, deadline);
    };
  }
}

/**
 * Headers of every call but authorize: the token, and the environment name as `BaseURI`.
 * Source: docs.flinks.com/guides/pay/troubleshooting.
 */
export function tokenHeaders(
  token: Sensitive<string>,
  instance: string,
  variant: ApiVariant,
): Record<string, string | Sensitive<string>> {
  const bearer =
    variant.tokenHeader === 'Authorization'
      ? { authorization: new Sensitive(`Bearer ${token.reveal()}`) }
      : { bearertoken: token };
  return { ...bearer, baseuri: instance };
}
