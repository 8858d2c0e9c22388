import { Agent } from 'undici';
import type { Logger } from '../../../lib/logger.js';
import type { Callback } from './callback.js';
import { AddressNotAllowedError } from './callback-address-policy.js';
import type { CallbackAddressPolicy } from './callback-address-policy.js';

/** What goes to a callback URL, beside what all messages have. */
export type CallbackMessage =
  | { readonly action: 'check' }
  | { readonly action: 'next'; readonly payload: object }
  | { readonly action: 'complete'; readonly errors?: readonly object[] };

export type Post = (callback: Callback, message: CallbackMessage) => Promise<number | undefined>;

/** The version of the protocol, as it stands in the headers of both sides. */
export const PROTOCOL_HEADER = 'subscription-protocol';
export const PROTOCOL = 'callback/1.0';

const DEADLINE_MS = 5_000;
const MAX_CONNECTIONS = 32;
/** Under way at once, of subscriptions that are asked for. */
export const MAX_FIRST_CHECKS = 32;
const MAX_RESPONSE_BYTES = 16_384;

/**
 * HTTP to the callback URLs of routers, with a deadline on every message and a limit on every reply. Redirects are not followed.
 * Source: apollographql.com/docs/graphos/routing/operations/subscriptions/callback-protocol.
 */
export class CallbackEndpoint {
  readonly #agent: Agent;
  readonly #agentOfFirstChecks: Agent;

  constructor(
    { lookup }: Pick<CallbackAddressPolicy, 'lookup'>,
    private readonly log: Logger,
  ) {
    const connect = { timeout: DEADLINE_MS, lookup };
    this.#agent = new Agent({ connections: MAX_CONNECTIONS, connect });
    this.#agentOfFirstChecks = new Agent({ connections: MAX_FIRST_CHECKS, connect });
  }

  /** The status of the answer; undefined when there was none in time. Never rejects. */
  async post(callback: Callback, message: CallbackMessage): Promise<number | undefined> {
    const status = await this.#send(this.#agent, callback, message);
    return status === 'not-allowed' ? undefined : status;
  }

  /** As `post`, on connections of their own: whoever asks for subscriptions keeps no other from being told. */
  firstCheck(callback: Callback): Promise<number | 'not-allowed' | undefined> {
    return this.#send(this.#agentOfFirstChecks, callback, { action: 'check' });
  }

  /** Breaks off what is under way. */
  async close(): Promise<void> {
    await Promise.all([this.#agent.destroy(), this.#agentOfFirstChecks.destroy()]);
  }

  async #send(agent: Agent, callback: Callback, message: CallbackMessage): Promise<number | 'not-allowed' | undefined> {
    try {
      return await send(agent, callback, message);
    } catch (error) {
      if (!(error instanceof AddressNotAllowedError)) return undefined;
      this.log.warn('the host of a callback stands for an address that is not allowed');
      return 'not-allowed';
    }
  }
}

async function send(
  agent: Agent,
  { url, subscriptionId, verifier }: Callback,
  message: CallbackMessage,
): Promise<number> {
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
  // Nothing of it is wanted, and what breaks off in it changes nothing.
  void body.dump({ limit: MAX_RESPONSE_BYTES, signal }).catch(() => undefined);
  return statusCode;
}
