import { Agent } from 'undici';
import type { Logger } from '../../../lib/logger.js';
import { AddressNotAllowedError } from './callback-destination.js';
import type { CallbackAddressPolicy } from './callback-destination.js';
import type { Callback } from './registration.js';

/** The part of a message to a callback URL that depends on its action. */
export type CallbackMessage =
  | { readonly action: 'check' }
  | { readonly action: 'next'; readonly payload: object }
  | { readonly action: 'complete'; readonly errors?: readonly object[] };

/** Header with the protocol's version, in requests and responses of both sides. */
export const PROTOCOL_HEADER = 'subscription-protocol';
/** Version of the callback protocol. */
export const PROTOCOL = 'callback/1.0';

const DEADLINE_MS = 5_000;
const MAX_CONNECTIONS = 32;
/** Concurrent first checks, which confirm new subscriptions with their routers. */
export const MAX_FIRST_CHECKS = 32;
const MAX_RESPONSE_BYTES = 16_384;

/**
 * HTTP client for the callback URLs of routers, with a deadline for each message and a size limit for each response.
 * Does not follow redirects. Source: apollographql.com/docs/graphos/routing/operations/subscriptions/callback-protocol.
 */
export class CallbackEndpoint {
  readonly #agent: Agent;
  readonly #firstCheckAgent: Agent;

  constructor(
    { lookup }: Pick<CallbackAddressPolicy, 'lookup'>,
    private readonly log: Logger,
  ) {
    const options = { connect: { timeout: DEADLINE_MS, lookup }, allowH2: false };
    this.#agent = new Agent({ ...options, connections: MAX_CONNECTIONS });
    this.#firstCheckAgent = new Agent({ ...options, connections: MAX_FIRST_CHECKS });
  }

  /** Returns the status of the response; undefined without a response in time. Never rejects. */
  async post(callback: Callback, message: CallbackMessage): Promise<number | undefined> {
    const status = await this.#send(this.#agent, callback, message);
    return status === 'not-allowed' ? undefined : status;
  }

  /** Like `post`, on connections of its own: new subscriptions cannot delay the delivery of existing ones. */
  firstCheck(callback: Callback): Promise<number | 'not-allowed' | undefined> {
    return this.#send(this.#firstCheckAgent, callback, { action: 'check' });
  }

  /** Aborts requests in flight. */
  async close(): Promise<void> {
    await Promise.all([this.#agent.destroy(), this.#firstCheckAgent.destroy()]);
  }

  async #send(
    agent: Agent,
    { url, subscriptionId, verifier }: Callback,
    message: CallbackMessage,
  ): Promise<number | 'not-allowed' | undefined> {
    try {
      const { origin, pathname, search } = new URL(url.reveal());
      const signal = AbortSignal.timeout(DEADLINE_MS);
      const { statusCode, body } = await agent.request({
        origin,
        path: pathname + search,
        method: 'POST',
        headers: { 'content-type': 'application/json', [PROTOCOL_HEADER]: PROTOCOL },
        body: JSON.stringify({ kind: 'subscription', ...message, id: subscriptionId, verifier: verifier.reveal() }),
        signal,
      });
      // The body is not needed, and a connection that breaks while it is read changes nothing.
      void body.dump({ limit: MAX_RESPONSE_BYTES, signal }).catch(() => undefined);
      return statusCode;
    } catch (error) {
      if (!(error instanceof AddressNotAllowedError)) return undefined;
      this.log.warn(
        { event: 'callback_address_rejected' },
        'the host of a callback URL resolves to an address that is not allowed',
      );
      return 'not-allowed';
    }
  }
}
