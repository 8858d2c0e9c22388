import { isUnauthorized } from '../call-result.js';
import type { CallResult } from '../call-result.js';
import type { Authorize, IssuedToken } from './access-token.js';

/** How long no authorize call is made after Flinks refused the credentials: doubled with each refusal. */
const PAUSE = { firstMs: 5_000, mostMs: 60_000 };
/** For this long after Flinks accepted the credentials, calls need not wait for one another. */
const PROOF_MS = 1_000;

/**
 * Keeps wrong credentials from being tried again and again, for which accounts are locked. Calls of a burst wait for the first
 * one. Once that is refused, they all are, and so is every call for a while; then one call tries again, so that nobody
 * has to restart anything when the credentials are mended at Flinks.
 */
export class CredentialGuard {
  #rejection: CallResult<never> | undefined;
  #pauseMs = 0;
  #pausedUntilMs = 0;
  #provenUntilMs = 0;
  #trial: Promise<CallResult<IssuedToken>> | undefined;

  constructor(private readonly unguarded: Authorize) {}

  readonly authorize: Authorize = async () => {
    for (;;) {
      const nowMs = performance.now();
      if (this.#rejection !== undefined && nowMs < this.#pausedUntilMs) return this.#rejection;
      if (nowMs < this.#provenUntilMs) return this.#call();
      if (this.#trial === undefined) {
        this.#trial = this.#call().finally(() => (this.#trial = undefined));
        return this.#trial;
      }
      const tried = await this.#trial;
      if (tried.kind !== 'done') return tried;
    }
  };

  async #call(): Promise<CallResult<IssuedToken>> {
    const result = await this.unguarded();
    if (result.kind === 'done') this.#proven();
    else if (isRejection(result)) this.#recordRejection(result);
    return result;
  }

  #proven(): void {
    this.#rejection = undefined;
    this.#pauseMs = 0;
    this.#provenUntilMs = performance.now() + PROOF_MS;
  }

  #recordRejection(result: CallResult<never>): void {
    const nowMs = performance.now();
    this.#rejection = result;
    this.#provenUntilMs = 0;
    // Of calls that were under way at once the first counts.
    if (nowMs < this.#pausedUntilMs) return;
    this.#pauseMs = Math.min(PAUSE.mostMs, Math.max(PAUSE.firstMs, 2 * this.#pauseMs));
    this.#pausedUntilMs = nowMs + this.#pauseMs;
  }
}

/** Whether Flinks judged the credentials, or does not know the call: neither changes by asking again at once. */
function isRejection(result: CallResult<unknown>): boolean {
  return result.kind === 'refused' || result.kind === 'misconfigured' || isUnauthorized(result);
}
