import { SCOPES } from '../../src/domain/caller.js';
import type { Caller } from '../../src/domain/caller.js';

/** Who asks where callers are not identified. */
export const ANONYMOUS: Caller = caller('anonymous');

/** A caller who may do everything that is not said otherwise. */
export function caller(id: string, change: Partial<Caller> = {}): Caller {
  return { id, scopes: SCOPES, expiresAt: undefined, apiKey: undefined, ...change };
}
