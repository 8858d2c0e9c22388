import { Agent } from 'undici';
import type { Callback } from './callback.js';

/** What goes to a callback URL, beside what all messages have. */
export type Message =
  | { readonly action: 'check' }
  | { readonly action: 'next'; readonly payload: object }
  | { readonly action: 'complete'; readonly errors?: readonly object[] };

export type Post = (callback: Callback, message: Message) => Promise<number | undefined>;

/** The version of the protocol, as it stands in the headers of both sides. */
export const PROTOCOL_HEADER = 'subscription-protocol';
export const PROTOCOL = 'callback/1.0';

const DEADLINE_MS = 5_000;
const MOST_CONNECTIONS = 32;
/** Under way at once, of subscriptions that are asked for. */
export const MOST_FIRST_CHECKS = 32;
const MOST_REPLY_BYTES = 16_384;

/**
 * HTTP to the callback URLs of routers, with a deadline on every message and a limit on every reply. Redirects are not followed.
 * Source: apollographql.com/docs/graphos/routing/operations/subscriptions/callback-protocol.
 */
export class CallbackEndpoint {
  readonly #agent = new Agent({ connections: MOST_CONNECTIONS, connect: { timeout: DEADLINE_MS } });
  readonly #agentOfFirstChecks = new Agent({ connections: MOST_FIRST_CHECKS, connect: { timeout: DEADLINE_MS } });

  /** The status of the answer; undefined when there was none in time. Never rejects. */
  post(callback: Callback, message: Message): Promise<number | undefined> {
    return send(this.#agent, callback, message);
  }

  /** As `post`, on connections of their own: whoever asks for subscriptions keeps no other from being told. */
  firstCheck(callback: Callback): Promise<number | undefined> {
    return send(this.#agentOfFirstChecks, callback, { action: 'check' });
  }

  /** Breaks off what is under way. */
  async close(): Promise<void> {
    await Promise.all([this.#agent.destroy(), this.#agentOfFirstChecks.destroy()]);
  }
}

async function send(
  agent: Agent,
  { url, subscriptionId, verifier }: Callback,
  message: Message,
): Promise<number | undefined> {
  const { origin, pathname, search } = new URL(url.reveal());
  const signal = AbortSignal.timeout(DEADLINE_MS);
  try {
    const { statusCode, body } = await agent.request({
      origin,
      path: pathname + search,
      method: 'POST',
      headers: { 'content-type': 'application/json', [PROTOCOL_HEADER]: PROTOCOL },
      body: JSON.stringify({ kind: 'subscription', ...message, id: subscriptionId, verifier: verifier.reveal() }),
      signal,
    });
    // Nothing of it is wanted, and what breaks off in it changes nothing.
    void body.dump({ limit: MOST_REPLY_BYTES, signal }).catch(() => undefined);
    return statusCode;
  } catch {
    return undefined;
  }
}
