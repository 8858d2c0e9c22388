import type { Deadline } from '../../lib/deadline.js';
import { notExecuted } from '../call-result.js';
import type { CallResult } from '../call-result.js';
import { requestToken } from './access-token.js';
import type { AccessToken, Authorize } from './access-token.js';
import { withReplay } from './token-source.js';
import type { TokenCall, TokenSource, TokenState } from './token-source.js';

/** One token for every call. It is renewed ahead of its end while it is in use, so that no call has to wait for that. */
export class ReusableTokens implements TokenSource {
  readonly state: TokenState = { policy: 'reusable', detected: undefined };
  #current: AccessToken | undefined;
  #usedSinceRenewal = false;
  #pending: Promise<CallResult<AccessToken>> | undefined;
  #renewal: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(private readonly authorize: Authorize) {}

  startSession<T>(call: TokenCall<T>, deadline: Deadline): Promise<CallResult<T>> {
    return this.withAnyToken(call, deadline);
  }

  withAnyToken<T>(call: TokenCall<T>, deadline: Deadline, preferred?: AccessToken): Promise<CallResult<T>> {
    return withReplay(
      (by) => this.acquire(by),
      (token) => this.drop(token),
      call,
      deadline,
      preferred,
    );
  }

  /** The shared token. Who asks while there is none joins the one authorize call under way. */
  async acquire(deadline: Deadline): Promise<CallResult<AccessToken>> {
    const token = this.#current;
    if (token?.isUsable() !== true) return deadline.race(this.#join(), notExecuted('deadline'));
    this.#usedSinceRenewal = true;
    // The timer below does this in time as a rule; this line makes up for a renewal that failed.
    if (performance.now() >= token.renewAtMs) void this.#join();
    return { kind: 'done', value: token };
  }

  /** Forgets a token that Flinks refused; another one that has taken its place stays. */
  drop(token: AccessToken): void {
    if (this.#current === token) this.#current = undefined;
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#renewal);
  }

  /** Joins the authorize call under way, or makes it. A failure is shared by those who wait, and then forgotten. */
  #join(): Promise<CallResult<AccessToken>> {
    this.#pending ??= requestToken(this.authorize)
      .then((token) => {
        if (token.kind === 'done') this.#keep(token.value);
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
