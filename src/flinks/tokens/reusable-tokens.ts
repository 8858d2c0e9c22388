import { notExecuted } from '../../domain/provider-result.js';
import type { ProviderResult } from '../../domain/provider-result.js';
import type { Deadline } from '../../lib/deadline.js';
import { requestToken, withReplay } from './token-source.js';
import type { AccessToken, Authorize, TokenCall, TokenSource, TokenState, TokenSupply } from './token-source.js';

/** One token for every call. While it is in use, it is renewed before it expires, so that no call waits for that. */
export class ReusableTokens implements TokenSource, TokenSupply {
  readonly state: TokenState = { policy: 'reusable', detected: undefined };
  #current: AccessToken | undefined;
  #usedSinceRenewal = false;
  #pending: Promise<ProviderResult<AccessToken>> | undefined;
  #renewal: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(private readonly authorize: Authorize) {}

  startSession<T>(call: TokenCall<T>, deadline: Deadline): Promise<ProviderResult<T>> {
    return withReplay(this, call, deadline);
  }

  withAnyToken<T>(call: TokenCall<T>, deadline: Deadline, preferred?: AccessToken): Promise<ProviderResult<T>> {
    return withReplay(this, call, deadline, preferred);
  }

  /** Returns the shared token. While there is none, all calls join one authorize call. */
  async acquire(deadline: Deadline): Promise<ProviderResult<AccessToken>> {
    const token = this.#current;
    if (token?.isUsable() !== true) return deadline.race(this.#join(), notExecuted('deadline'));
    this.#usedSinceRenewal = true;
    // The renewal timer normally does this in time; this line makes up for a renewal that failed.
    if (performance.now() >= token.renewAtMs) void this.#join();
    return { kind: 'succeeded', value: token };
  }

  /** Forgets a token that Flinks refused, unless another one has already replaced it. */
  drop(token: AccessToken): void {
    if (this.#current === token) this.#current = undefined;
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#renewal);
  }

  /** Joins the authorize call in progress, or makes one. All waiting calls share a failure, which is then forgotten. */
  #join(): Promise<ProviderResult<AccessToken>> {
    this.#pending ??= requestToken(this.authorize)
      .then((token) => {
        if (token.kind === 'succeeded') this.#keep(token.value);
        return token;
      })
      .finally(() => (this.#pending = undefined));
    return this.#pending;
  }

  #keep(token: AccessToken): void {
    this.#current = token;
    this.#usedSinceRenewal = false;
    clearTimeout(this.#renewal);
    if (this.#closed) return;
    this.#renewal = setTimeout(() => {
      if (this.#usedSinceRenewal) void this.#join();
    }, token.renewAtMs - performance.now()).unref();
  }
}
