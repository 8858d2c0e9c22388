import type { Scope } from '../../domain/api-client.js';

/** An API key as stored. Its secret is not stored: only those who were given it know it. */
export interface ApiKey {
  /** The public part, by which the key is found. */
  readonly prefix: string;
  /** SHA-256 of the secret part, in hexadecimal digits. */
  readonly hash: string;
  /** The client that authenticates with the key. */
  readonly clientId: string;
  readonly scopes: readonly Scope[];
  readonly createdAt: Date;
  /** Undefined: never. */
  readonly expiresAt: Date | undefined;
  readonly revokedAt: Date | undefined;
}

/** An API key to be added. */
export type NewApiKey = Omit<ApiKey, 'createdAt' | 'revokedAt'>;

/** Stores API keys. Every method is one durable step. */
export interface ApiKeyStore {
  /** Stores a new key. */
  add(key: NewApiKey): Promise<void>;
  /** Finds a key by its public part; undefined if there is none. */
  find(prefix: string): Promise<ApiKey | undefined>;
  /** All keys, oldest first. */
  list(): Promise<ApiKey[]>;
  /** Adds a successor of a key, which then expires at the given time or earlier. False if it is missing or revoked. */
  replace(prefix: string, key: NewApiKey, expiresAt: Date): Promise<boolean>;
  /** Revokes a key at once; false if it does not exist. A revoked key stays revoked. */
  revoke(prefix: string): Promise<boolean>;
}
