import type { Deadline } from '../../lib/deadline.js';
import type { DetectedTokenPolicy } from '../api-variant.js';
import { isUnauthorized } from '../../domain/provider-result.js';
import type { ProviderResult } from '../../domain/provider-result.js';
import type { AccessToken, TokenCall, TokenSource, TokenState } from './token-source.js';
import type { ReusableTokens } from './reusable-tokens.js';
import type { SingleUseTokens } from './single-use-tokens.js';
import { withReplay } from './token-source.js';

/** Maximum time that a call waits for the calls before it while the policy is unknown, in milliseconds. */
const MAX_DETECTION_WAIT_MS = 2_000;

/**
 * Detects which token policy Flinks follows, starting with one shared token. single-use: it is refused for its second
 * session, and a fresh one is accepted. reusable: it starts two sessions; a later 401 is then a mere revocation.
 * Until then sessions are started one after the other, so that concurrent calls do not each pay for the same detection
 * with a refused request; but no call waits longer than `MAX_DETECTION_WAIT_MS`.
 */
export class AutoTokens implements TokenSource {
  #detected: DetectedTokenPolicy | undefined;
  #lastHolder: Promise<unknown> = Promise.resolve();
  /** The token that has started exactly one session so far. */
  #startedOne: AccessToken | undefined;

  constructor(
    private readonly reusable: ReusableTokens,
    private readonly singleUse: SingleUseTokens,
    private readonly onDetected: (policy: DetectedTokenPolicy) => void,
  ) {}

  get state(): TokenState {
    return { policy: 'auto', detected: this.#detected };
  }

  async startSession<T>(call: TokenCall<T>, deadline: Deadline): Promise<ProviderResult<T>> {
    if (this.#isDetected()) return this.#source.startSession(call, deadline);
    const release = await this.#acquireLock(deadline.cappedAt(MAX_DETECTION_WAIT_MS));
    // A token for this call alone suits both policies; it only costs an authorize call.
    if (release === undefined) return this.singleUse.startSession(call, deadline);
    try {
      if (!this.#isDetected()) return await this.#tryOut(call, deadline);
    } finally {
      release();
    }
    return this.#source.startSession(call, deadline);
  }

  withAnyToken<T>(call: TokenCall<T>, deadline: Deadline, preferred?: AccessToken): Promise<ProviderResult<T>> {
    return this.#source.withAnyToken(call, deadline, preferred);
  }

  close(): void {
    this.reusable.close();
    this.singleUse.close();
  }

  #isDetected(): boolean {
    return this.#detected !== undefined;
  }

  /** Waits for the calls before this one. Returns the function that releases the lock; undefined if it is too late. */
  async #acquireLock(deadline: Deadline): Promise<(() => void) | undefined> {
    const before = this.#lastHolder;
    let release!: () => void;
    const held = new Promise<void>((resolve) => (release = resolve));
    this.#lastHolder = before.then(() => held);
    const granted = before.then(() => true);
    if (await deadline.race(granted, false)) return release;
    release();
    return undefined;
  }

  /** Starts a session with the shared token and derives the policy from the result. */
  #tryOut<T>(call: TokenCall<T>, deadline: Deadline): Promise<ProviderResult<T>> {
    let secondSessionRefused = false;
    const observedCall: TokenCall<T> = async (token) => {
      const result = await call(token);
      if (isUnauthorized(result)) secondSessionRefused ||= token === this.#startedOne;
      else if (result.kind !== 'succeeded') return result;
      else if (secondSessionRefused) this.#detect('single-use');
      else if (token === this.#startedOne) this.#detect('reusable');
      else this.#startedOne = token;
      return result;
    };
    return withReplay(this.reusable, observedCall, deadline);
  }

  get #source(): TokenSource {
    return this.#detected === 'single-use' ? this.singleUse : this.reusable;
  }

  #detect(policy: DetectedTokenPolicy): void {
    this.#detected = policy;
    if (policy === 'single-use') this.reusable.close();
    this.onDetected(policy);
  }
}
