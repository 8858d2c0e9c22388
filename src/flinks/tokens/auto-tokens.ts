import type { Deadline } from '../../deadline.js';
import type { LearntTokenPolicy } from '../profile.js';
import { isUnauthorized } from '../verdict.js';
import type { Verdict } from '../verdict.js';
import type { AccessToken } from './access-token.js';
import type { ReusableTokens } from './reusable-tokens.js';
import type { SingleUseTokens } from './single-use-tokens.js';
import { withReplay } from './token-source.js';
import type { TokenCall, TokenSource, TokenState } from './token-source.js';

/** How long a caller waits for those before it, while nothing is learnt. */
const PATIENCE_MS = 2_000;

/**
 * Finds out which policy Flinks follows. It starts with one shared token. That token is refused for its second session, and a
 * fresh one is then taken: tokens are single-use. It starts two sessions: tokens are reusable, and a later 401 is a mere
 * revocation. Until then sessions are started one after the other, so that many callers at once do not learn the same
 * thing at the price of a refusal each; but nobody waits long for that.
 */
export class AutoTokens implements TokenSource {
  #learnt: LearntTokenPolicy | undefined;
  #lastTurn: Promise<unknown> = Promise.resolve();
  /** The token that has started exactly one session so far. */
  #startedOne: AccessToken | undefined;

  constructor(
    private readonly reusable: ReusableTokens,
    private readonly singleUse: SingleUseTokens,
    private readonly onLearnt: (policy: LearntTokenPolicy) => void,
  ) {}

  get state(): TokenState {
    return { policy: 'auto', learnt: this.#learnt };
  }

  async startSession<T>(call: TokenCall<T>, deadline: Deadline): Promise<Verdict<T>> {
    if (this.#isSettled()) return this.#source.startSession(call, deadline);
    const endTurn = await this.#takeTurn(deadline.atMost(PATIENCE_MS));
    // A token of one's own suits both policies; it only costs an authorize call.
    if (endTurn === undefined) return this.singleUse.startSession(call, deadline);
    try {
      if (!this.#isSettled()) return await this.#tryOut(call, deadline);
    } finally {
      endTurn();
    }
    return this.#source.startSession(call, deadline);
  }

  callWithAny<T>(call: TokenCall<T>, deadline: Deadline, preferred?: AccessToken): Promise<Verdict<T>> {
    return this.#source.callWithAny(call, deadline, preferred);
  }

  close(): void {
    this.reusable.close();
    this.singleUse.close();
  }

  #isSettled(): boolean {
    return this.#learnt !== undefined;
  }

  /** Waits for those who came before; gives what ends the turn, or undefined when the deadline passed first. */
  async #takeTurn(deadline: Deadline): Promise<(() => void) | undefined> {
    const before = this.#lastTurn;
    let endTurn!: () => void;
    const turn = new Promise<void>((resolve) => (endTurn = resolve));
    this.#lastTurn = before.then(() => turn);
    const inTime = await deadline.race(
      before.then(() => true),
      false,
    );
    if (inTime) return endTurn;
    endTurn();
    return undefined;
  }

  /** Starts a session with the shared token and draws the conclusion. */
  #tryOut<T>(call: TokenCall<T>, deadline: Deadline): Promise<Verdict<T>> {
    let secondSessionRefused = false;
    return withReplay(
      (by) => this.reusable.acquire(by),
      (token) => this.reusable.drop(token),
      async (token) => {
        const verdict = await call(token);
        if (isUnauthorized(verdict)) secondSessionRefused ||= token === this.#startedOne;
        else if (verdict.kind === 'done') this.#conclude(token, secondSessionRefused);
        return verdict;
      },
      deadline,
    );
  }

  #conclude(token: AccessToken, secondSessionRefused: boolean): void {
    if (secondSessionRefused) this.#learn('single-use');
    else if (token === this.#startedOne) this.#learn('reusable');
    else this.#startedOne = token;
  }

  get #source(): TokenSource {
    return this.#learnt === 'single-use' ? this.singleUse : this.reusable;
  }

  #learn(policy: LearntTokenPolicy): void {
    this.#learnt = policy;
    if (policy === 'single-use') this.reusable.close();
    this.onLearnt(policy);
  }
}
