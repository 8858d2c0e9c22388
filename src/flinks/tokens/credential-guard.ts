import { backoffMs } from '../../lib/backoff.js';
import { isUnauthorized } from '../../domain/provider-result.js';
import type { ProviderResult } from '../../domain/provider-result.js';
import type { Authorize, IssuedToken } from './token-source.js';

/** Pause of authorize calls after Flinks rejected the credentials; it doubles with each rejection. */
const PAUSE = { initialMs: 5_000, maxMs: 60_000 };
/** How long after Flinks accepted the credentials concurrent calls need not wait for one another, in milliseconds. */
const PROOF_MS = 1_000;

/**
 * Prevents repeated attempts with wrong credentials, which get accounts locked. Concurrent calls wait for the first
 * one. If that is rejected, they all fail with its result, and so does every call during a pause. Then one call tries
 * again, so that the gateway recovers without a restart when the credentials are corrected at Flinks.
 */
export class CredentialGuard {
  #rejection: ProviderResult<never> | undefined;
  #rejections = 0;
  #pausedUntilMs = 0;
  #provenUntilMs = 0;
  #trial: Promise<ProviderResult<IssuedToken>> | undefined;

  constructor(private readonly unguarded: Authorize) {}

  /** Makes an authorize call, or returns the last rejection while calls are paused. */
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
      if (tried.kind !== 'succeeded') return tried;
    }
  };

  async #call(): Promise<ProviderResult<IssuedToken>> {
    const result = await this.unguarded();
    if (result.kind === 'succeeded') {
      this.#rejection = undefined;
      this.#rejections = 0;
      this.#provenUntilMs = performance.now() + PROOF_MS;
    } else if (isRejection(result)) this.#recordRejection(result);
    return result;
  }

  #recordRejection(result: ProviderResult<never>): void {
    const nowMs = performance.now();
    this.#rejection = result;
    this.#provenUntilMs = 0;
    // If concurrent calls are rejected, only the first one extends the pause.
    if (nowMs < this.#pausedUntilMs) return;
    this.#rejections += 1;
    this.#pausedUntilMs = nowMs + backoffMs(PAUSE, this.#rejections);
  }
}

/** Whether Flinks rejected the credentials or does not know the call: an immediate retry would change neither. */
function isRejection(result: ProviderResult<unknown>): boolean {
  return result.kind === 'rejected' || result.kind === 'misconfigured' || isUnauthorized(result);
}
