/**
 * What a caller may be allowed to do. `backoffice:read` is for those who work for the shop: it shows what all callers have, in place
 * of what one's own.
 */
export const SCOPES = [
  'payments:create',
  'payments:send',
  'payments:read',
  'payments:cancel',
  'reconciliation:read',
  'backoffice:read',
] as const;
export type Scope = (typeof SCOPES)[number];

/** Any of these will do. */
export const PAYMENT_READ_SCOPES: readonly Scope[] = ['payments:read', 'backoffice:read'];

/** Who asks. Plain data: subscriptions that are told by callbacks are kept with it. */
export interface ApiClient {
  /** 1-255 printable ASCII characters. Keys and payments belong to it. */
  readonly id: string;
  readonly scopes: readonly Scope[];
  /** When what the caller showed runs out; undefined: never. */
  readonly expiresAt: Date | undefined;
  /** The public part of the API key that was shown, where one was. */
  readonly apiKey: string | undefined;
}

export function isClientId(value: unknown): value is string {
  return typeof value === 'string' && /^[\x20-\x7e]{1,255}$/.test(value);
}

/** In place of the id of a caller: the payments of all of them. */
export const ALL_OWNERS = Symbol('everybody');

/** Whose payments a read may find: those of the caller with this id, or of all. */
export type Owner = string | typeof ALL_OWNERS;

/** Whose payments a caller sees. */
export function visibleOwner({ id, scopes }: ApiClient): Owner {
  return scopes.includes('backoffice:read') ? ALL_OWNERS : id;
}
