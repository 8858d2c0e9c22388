import type { Scope } from '../../domain/api-client.js';

/** All there is of an API key: its secret is known to those who were given it only. */
export interface ApiKey {
  /** The public part, by which it is found. */
  readonly prefix: string;
  /** SHA-256 of the secret part, in hexadecimal digits. */
  readonly hash: string;
  /** The id of the caller who shows it. */
  readonly clientId: string;
  readonly scopes: readonly Scope[];
  readonly createdAt: Date;
  /** Undefined: never. */
  readonly expiresAt: Date | undefined;
  readonly revokedAt: Date | undefined;
}

export type NewApiKey = Omit<ApiKey, 'createdAt' | 'revokedAt'>;

/** Every method is one durable step. */
export interface ApiKeyStore {
  add(key: NewApiKey): Promise<void>;
  find(prefix: string): Promise<ApiKey | undefined>;
  /** All of them, the oldest first. */
  list(): Promise<ApiKey[]>;
  /** Adds a key in place of one that expires at that time, unless it does so before; false when that one is not there, or is revoked. */
  replace(prefix: string, key: NewApiKey, expiresAt: Date): Promise<boolean>;
  /** Ends a key at once; false when it is not there. One that is revoked stays so. */
  revoke(prefix: string): Promise<boolean>;
}
