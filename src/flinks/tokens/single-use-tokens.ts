import type { Deadline } from '../../lib/deadline.js';
import { notExecuted } from '../../domain/provider-result.js';
import type { ProviderResult } from '../../domain/provider-result.js';
import { requestToken } from './access-token.js';
import type { AccessToken, Authorize } from './access-token.js';
import { RateMeter } from './rate-meter.js';
import { withReplay } from './token-source.js';
import type { TokenCall, TokenSource, TokenState } from './token-source.js';

const MAX_SPARE = 50;
const MAX_CONCURRENT_REQUESTS = 64;
// Twice the number used during one authorize call, to allow for an uneven rate.
const SPARE_FACTOR = 2;

const LATE = notExecuted('deadline');

/**
 * A fresh token for every session. The pool holds as many tokens as the current rate of sessions uses during one
 * authorize call, so that a payer's request does not wait for it. When no session has been started for a while, the
 * pool is empty.
 */
export class SingleUseTokens implements TokenSource {
  readonly state: TokenState = { policy: 'single-use', detected: undefined };
  readonly #rate = new RateMeter();
  /** Duration of the last authorize call, in milliseconds. */
  #authorizeMs = 0;
  /** Validity of the last token, in milliseconds. */
  #ttlMs = 0;
  #lastTakeMs = 0;
  #ready: AccessToken[] = [];
  #waiting: ((token: ProviderResult<AccessToken>) => void)[] = [];
  #pendingRequests = 0;
  /** The last token handed out. It starts no other session, but lookups may share it. */
  #lastIssued: AccessToken | undefined;
  #renewal: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(private readonly authorize: Authorize) {}

  startSession<T>(call: TokenCall<T>, deadline: Deadline): Promise<ProviderResult<T>> {
    return withReplay(
      (by) => this.take(by),
      () => this.#discardAll(),
      call,
      deadline,
    );
  }

  withAnyToken<T>(call: TokenCall<T>, deadline: Deadline, preferred?: AccessToken): Promise<ProviderResult<T>> {
    return withReplay(
      (by) =>
        this.#lastIssued?.isUsable() === true
          ? Promise.resolve({ kind: 'succeeded', value: this.#lastIssued })
          : this.take(by),
      () => this.#discardAll(),
      call,
      deadline,
      preferred,
    );
  }

  /** Returns a token that no other call has received. */
  take(deadline: Deadline): Promise<ProviderResult<AccessToken>> {
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

  #issue(token: AccessToken): ProviderResult<AccessToken> {
    this.#lastIssued = token;
    return { kind: 'succeeded', value: token };
  }

  /** Waits in the queue. A call that times out leaves the queue, so that no token is fetched for it. */
  async #wait(deadline: Deadline): Promise<ProviderResult<AccessToken>> {
    let receive!: (token: ProviderResult<AccessToken>) => void;
    const received = new Promise<ProviderResult<AccessToken>>((resolve) => (receive = resolve));
    this.#waiting.push(receive);
    const token = await deadline.race(received, LATE);
    if (token === LATE) this.#waiting = this.#waiting.filter((waiting) => waiting !== receive);
    return token;
  }

  /**
   * Empties the pool after a refusal: the cause may have invalidated all tokens, and the replay needs one that is
   * certainly valid.
   */
  #discardAll(): void {
    this.#ready = [];
    this.#lastIssued = undefined;
  }

  /** Number of tokens to have ready: at least one, or none if no session was started for a token's whole validity. */
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
    if (token.kind !== 'succeeded') {
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
   * Fails waiting calls instead of repeating an authorize call that failed: wrong credentials must not cause a storm of
   * calls. Those for whom another authorize call is in progress keep waiting; after the last one nobody does.
   */
  #failWaiting(failure: ProviderResult<AccessToken>): void {
    const uncovered =
      this.#pendingRequests === 0 ? this.#waiting.length : Math.min(1, this.#waiting.length - this.#pendingRequests);
    for (const resolve of this.#waiting.splice(0, Math.max(0, uncovered))) resolve(failure);
  }

  /** Schedules the replacement of ready tokens before they expire, for as long as sessions are being started. */
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
