import { notExecuted } from '../../domain/provider-result.js';
import type { ProviderResult } from '../../domain/provider-result.js';
import type { Deadline } from '../../lib/deadline.js';
import { requestToken, withReplay } from './token-source.js';
import type { AccessToken, Authorize, TokenCall, TokenSource, TokenState, TokenSupply } from './token-source.js';

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
    const acquire: TokenSupply['acquire'] = (by) => this.#take(by);
    return withReplay({ acquire, drop: () => this.#discardAll() }, call, deadline);
  }

  withAnyToken<T>(call: TokenCall<T>, deadline: Deadline, preferred?: AccessToken): Promise<ProviderResult<T>> {
    const acquire: TokenSupply['acquire'] = async (by) =>
      this.#lastIssued?.isUsable() === true ? { kind: 'succeeded', value: this.#lastIssued } : this.#take(by);
    return withReplay({ acquire, drop: () => this.#discardAll() }, call, deadline, preferred);
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#renewal);
  }

  /** Returns a token that no other call has received. */
  async #take(deadline: Deadline): Promise<ProviderResult<AccessToken>> {
    if (deadline.remainingMs() === 0) return LATE;
    this.#rate.count();
    this.#lastTakeMs = performance.now();
    this.#ready = this.#ready.filter((ready) => ready.isUsable());
    const token = this.#ready.shift();
    const taken = token === undefined ? this.#wait(deadline) : this.#issue(token);
    this.#refill();
    return taken;
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

  /** Empties the pool after a refusal: its cause may have invalidated all tokens, and the replay needs a valid one. */
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
    const missing = wanted - lasting - this.#pendingRequests;
    const started = Math.min(missing, MAX_CONCURRENT_REQUESTS - this.#pendingRequests);
    for (let index = 0; index < started; index += 1) void this.#fetch();
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

const WINDOW_SECONDS = 10;

/** Measures the recent rate of something: a count for each of the last ten seconds. */
class RateMeter {
  readonly #counts = new Array<number>(WINDOW_SECONDS).fill(0);
  #second = this.#now();

  /** Counts one occurrence. */
  count(): void {
    this.#advance();
    const slot = this.#second % WINDOW_SECONDS;
    this.#counts[slot] = (this.#counts[slot] ?? 0) + 1;
  }

  /** Count of the busiest of the last ten seconds. A burst thus counts in full, not as its average. */
  perSecond(): number {
    this.#advance();
    return Math.max(...this.#counts);
  }

  #advance(): void {
    const now = this.#now();
    for (let second = Math.max(this.#second, now - WINDOW_SECONDS) + 1; second <= now; second++)
      this.#counts[second % WINDOW_SECONDS] = 0;
    this.#second = now;
  }

  #now(): number {
    return Math.floor(performance.now() / 1000);
  }
}
