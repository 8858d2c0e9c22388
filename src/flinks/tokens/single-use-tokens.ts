import type { Deadline } from '../../lib/deadline.js';
import { notExecuted } from '../call-result.js';
import type { CallResult } from '../call-result.js';
import { requestToken } from './access-token.js';
import type { AccessToken, Authorize } from './access-token.js';
import { RateMeter } from './rate-meter.js';
import { withReplay } from './token-source.js';
import type { TokenCall, TokenSource, TokenState } from './token-source.js';

const MAX_SPARE = 50;
const MAX_CONCURRENT_REQUESTS = 64;
// Twice what is used while one authorize call takes: enough for an uneven rate.
const SPARE_FACTOR = 2;

const LATE = notExecuted('deadline');

/**
 * A fresh token for every session. As many are kept ready as the present rate of sessions uses up while authorize answers,
 * so that a payer's call does not wait for it; when no session is started for a while, none is.
 */
export class SingleUseTokens implements TokenSource {
  readonly state: TokenState = { policy: 'single-use', detected: undefined };
  readonly #rate = new RateMeter();
  /** How long the last authorize call took, and how long its token lives. */
  #authorizeMs = 0;
  #ttlMs = 0;
  #lastTakeMs = 0;
  #ready: AccessToken[] = [];
  #waiting: ((token: CallResult<AccessToken>) => void)[] = [];
  #pendingRequests = 0;
  /** The last token handed out. It starts no other session, but lookups may share it. */
  #lastIssued: AccessToken | undefined;
  #renewal: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(private readonly authorize: Authorize) {}

  startSession<T>(call: TokenCall<T>, deadline: Deadline): Promise<CallResult<T>> {
    return withReplay(
      (by) => this.take(by),
      () => this.#discardAll(),
      call,
      deadline,
    );
  }

  withAnyToken<T>(call: TokenCall<T>, deadline: Deadline, preferred?: AccessToken): Promise<CallResult<T>> {
    return withReplay(
      (by) =>
        this.#lastIssued?.isUsable() === true
          ? Promise.resolve({ kind: 'done', value: this.#lastIssued })
          : this.take(by),
      () => this.#discardAll(),
      call,
      deadline,
      preferred,
    );
  }

  /** A token that was handed out to nobody else. */
  take(deadline: Deadline): Promise<CallResult<AccessToken>> {
    if (deadline.remainingMs() === 0) return Promise.resolve(LATE);
    this.#rate.count();
    this.#lastTakeMs = performance.now();
    this.#ready = this.#ready.filter((ready) => ready.isUsable());
    const token = this.#ready.shift();
    const taken = token === undefined ? this.#wait(deadline) : Promise.resolve(this.#issue(token));
    this.#refill();
    return taken;
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#renewal);
  }

  #issue(token: AccessToken): CallResult<AccessToken> {
    this.#lastIssued = token;
    return { kind: 'done', value: token };
  }

  /** Waits in line. Who waits no longer leaves the line, so that no token is fetched for nobody. */
  async #wait(deadline: Deadline): Promise<CallResult<AccessToken>> {
    let receive!: (token: CallResult<AccessToken>) => void;
    const received = new Promise<CallResult<AccessToken>>((resolve) => (receive = resolve));
    this.#waiting.push(receive);
    const token = await deadline.race(received, LATE);
    if (token === LATE) this.#waiting = this.#waiting.filter((waiting) => waiting !== receive);
    return token;
  }

  /** After a refusal: whatever ended that token may have ended all others, and the replay needs one that is surely good. */
  #discardAll(): void {
    this.#ready = [];
    this.#lastIssued = undefined;
  }

  /** How many tokens to have ready: one at least, unless no session was started for a token's whole life. */
  #spareWanted(): number {
    if (performance.now() - this.#lastTakeMs >= this.#ttlMs) return 0;
    const usedMeanwhile = (this.#rate.perSecond() * this.#authorizeMs) / 1000;
    return Math.min(MAX_SPARE, Math.max(1, Math.ceil(usedMeanwhile * SPARE_FACTOR)));
  }

  #refill(): void {
    if (this.#closed) return;
    const now = performance.now();
    const lasting = this.#ready.filter((token) => now < token.renewAtMs).length;
    const wanted = this.#waiting.length + this.#spareWanted();
    for (
      let missing = wanted - lasting - this.#pendingRequests;
      missing > 0 && this.#pendingRequests < MAX_CONCURRENT_REQUESTS;
      missing--
    )
      void this.#fetch();
  }

  async #fetch(): Promise<void> {
    this.#pendingRequests += 1;
    const startedMs = performance.now();
    const token = await requestToken(this.authorize);
    this.#pendingRequests -= 1;
    if (token.kind !== 'done') {
      this.#failWaiting(token);
      return;
    }
    this.#authorizeMs = performance.now() - startedMs;
    this.#ttlMs = token.value.unusableAfterMs - performance.now();
    const waiting = this.#waiting.shift();
    if (waiting !== undefined) waiting(this.#issue(token.value));
    else this.#ready.push(token.value);
    this.#scheduleRenewal();
    this.#refill();
  }

  /**
   * A call that failed is not made again for those who waited for it: wrong credentials must not turn into a storm. Those for
   * whom another call is under way wait on; when it was the last one, nobody does.
   */
  #failWaiting(failure: CallResult<AccessToken>): void {
    const uncovered =
      this.#pendingRequests === 0 ? this.#waiting.length : Math.min(1, this.#waiting.length - this.#pendingRequests);
    for (const resolve of this.#waiting.splice(0, Math.max(0, uncovered))) resolve(failure);
  }

  /** Fetches the successors of ready tokens before those end, as long as sessions are being started. */
  #scheduleRenewal(): void {
    clearTimeout(this.#renewal);
    const now = performance.now();
    const next = this.#ready.find((token) => token.renewAtMs > now);
    if (next === undefined || this.#closed) return;
    this.#renewal = setTimeout(() => {
      this.#ready = this.#ready.filter((token) => token.isUsable());
      this.#refill();
      this.#scheduleRenewal();
    }, next.renewAtMs - now).unref();
  }
}
