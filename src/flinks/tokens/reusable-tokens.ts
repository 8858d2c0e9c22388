import type { Deadline } from '../../deadline.js';
import { notExecuted } from '../verdict.js';
import type { Verdict } from '../verdict.js';
import { requestToken } from './access-token.js';
import type { AccessToken, Authorize } from './access-token.js';
import { withReplay } from './token-source.js';
import type { TokenCall, TokenSource, TokenState } from './token-source.js';

/** One token for every call. It is renewed ahead of its end while it is in use, so that no call has to wait for that. */
export class ReusableTokens implements TokenSource {
  readonly state: TokenState = { policy: 'reusable', learnt: undefined };
  #current: AccessToken | undefined;
  #usedSinceRenewal = false;
  #flight: Promise<Verdict<AccessToken>> | undefined;
  #renewal: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(private readonly authorize: Authorize) {}

  startSession<T>(call: TokenCall<T>, deadline: Deadline): Promise<Verdict<T>> {
    return this.callWithAny(call, deadline);
  }

  callWithAny<T>(call: TokenCall<T>, deadline: Deadline, preferred?: AccessToken): Promise<Verdict<T>> {
    return withReplay(
      (by) => this.acquire(by),
      (token) => this.drop(token),
      call,
      deadline,
      preferred,
    );
  }

  /** The shared token. Who asks while there is none joins the one authorize call under way. */
  async acquire(deadline: Deadline): Promise<Verdict<AccessToken>> {
    const token = this.#current;
    if (token?.isLive() !== true) return deadline.race(this.#join(), notExecuted('deadline'));
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
  #join(): Promise<Verdict<AccessToken>> {
    this.#flight ??= requestToken(this.authorize)
      .then((token) => {
        if (token.kind === 'done') this.#keep(token.value);
        return token;
      })
      .finally(() => (this.#flight = undefined));
    return this.#flight;
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
