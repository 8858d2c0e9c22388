import { SCOPES } from '../../src/domain/api-client.js';
import type { ApiClient } from '../../src/domain/api-client.js';

/** Who asks where callers are not identified. */
export const ANONYMOUS: ApiClient = caller('anonymous');

/** A caller who may do everything that is not said otherwise. */
export function caller(id: string, change: Partial<ApiClient> = {}): ApiClient {
  return { id, scopes: SCOPES, expiresAt: undefined, apiKey: undefined, ...change };
}
