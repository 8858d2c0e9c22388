import type { Deadline } from '../../lib/deadline.js';
import { notExecuted } from '../../domain/provider-result.js';
import type { ProviderResult } from '../../domain/provider-result.js';
import { requestToken } from './access-token.js';
import type { AccessToken, Authorize } from './access-token.js';
import { withReplay } from './token-source.js';
import type { TokenCall, TokenSource, TokenState } from './token-source.js';

/**
 * One token for every call. While it is in use, it is renewed before it expires, so that no call has to wait for that.
 */
export class ReusableTokens implements TokenSource {
  readonly state: TokenState = { policy: 'reusable', detected: undefined };
  #current: AccessToken | undefined;
  #usedSinceRenewal = false;
  #pending: Promise<ProviderResult<AccessToken>> | undefined;
  #renewal: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(private readonly authorize: Authorize) {}

  startSession<T>(call: TokenCall<T>, deadline: Deadline): Promise<ProviderResult<T>> {
    return this.withAnyToken(call, deadline);
  }

  withAnyToken<T>(call: TokenCall<T>, deadline: Deadline, preferred?: AccessToken): Promise<ProviderResult<T>> {
    return withReplay(
      (by) => this.acquire(by),
      (token) => this.drop(token),
      call,
      deadline,
      preferred,
    );
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
