/** Permissions of a client. `backoffice:read`, for the merchant's staff, shows the payments of all clients. */
export const SCOPES = [
  'payments:create',
  'payments:send',
  'payments:read',
  'payments:cancel',
  'reconciliation:read',
  'backoffice:read',
] as const;
/** One permission of a client. */
export type Scope = (typeof SCOPES)[number];

/** A client needs one of these scopes to read payments. */
export const PAYMENT_READ_SCOPES: readonly Scope[] = ['payments:read', 'backoffice:read'];

/** The authenticated client of a request. Plain data, because callback subscriptions are stored with it. */
export interface ApiClient {
  /** 1-255 printable ASCII characters. Idempotency keys and payments belong to it. */
  readonly id: string;
  readonly scopes: readonly Scope[];
  /** When the client's credentials expire; undefined: never. */
  readonly expiresAt: Date | undefined;
  /** Public part of the API key with which the client authenticated; undefined for any other kind of credentials. */
  readonly apiKey: string | undefined;
}

/** Whether a value can identify a client: 1-255 printable ASCII characters. */
export function isClientId(value: unknown): value is string {
  return typeof value === 'string' && /^[\x20-\x7e]{1,255}$/.test(value);
}

/** Used instead of a client's id to find the payments of all clients. */
export const ALL_OWNERS = Symbol('everybody');

/** Restricts a read to the payments of the client with this id, or to none. */
export type Owner = string | typeof ALL_OWNERS;

/** The owner whose payments a client may see: all with `backoffice:read`, else the client itself. */
export const visibleOwner = ({ id, scopes }: ApiClient): Owner =>
  scopes.includes('backoffice:read') ? ALL_OWNERS : id;
