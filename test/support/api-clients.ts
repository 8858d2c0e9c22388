import { SCOPES } from '../../src/domain/api-client.js';
import type { ApiClient } from '../../src/domain/api-client.js';

/** The client of every request to a gateway that does not identify clients. */
export const ANONYMOUS: ApiClient = apiClient('anonymous');

/** A client with every scope, no expiry and no API key, except for the given changes. */
export function apiClient(id: string, change: Partial<ApiClient> = {}): ApiClient {
  return { id, scopes: SCOPES, expiresAt: undefined, apiKey: undefined, ...change };
}
