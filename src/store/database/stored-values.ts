/** Values in columns that differ from those of the domain: they date from before the domain's were chosen. */
const STORED_VALUES = {
  OUTCOME_UNKNOWN: 'UNKNOWN',
  COLUMN_COUNT: 'CELLS',
  PAYMENT_REQUEST_ID: 'REQUEST_ID',
  LATE_UPDATE: 'LATE_NEWS',
  MISSING_IN_GATEWAY: 'MISSING_HERE',
  AMOUNT_MISMATCH: 'AMOUNT_DIFFERS',
  IDENTITY_MISMATCH: 'IDENTITY_DIFFERS',
  STATUS_MISMATCH: 'STATUS_DIFFERS',
  INVALID_ROW: 'UNREADABLE_ROW',
  applied: 'moved',
  overridden: 'overtook',
  conflicting: 'contradicted',
} as const;

type StoredValues = typeof STORED_VALUES;

/** The stored value of a domain value. */
export type Stored<Value extends string> = Value extends keyof StoredValues ? StoredValues[Value] : Value;

const DOMAIN_VALUES = new Map<string, string>(Object.entries(STORED_VALUES).map(([value, stored]) => [stored, value]));

export function toStored<Value extends string>(value: Value): Stored<Value>;
export function toStored<Value extends string>(value: Value | undefined): Stored<Value> | null;
/** Converts a domain value to its stored value; undefined to null. */
export function toStored(value: string | undefined): string | null {
  if (value === undefined) return null;
  return Object.hasOwn(STORED_VALUES, value) ? STORED_VALUES[value as keyof StoredValues] : value;
}

export function fromStored<Value extends string>(stored: Stored<Value>): Value;
export function fromStored<Value extends string>(stored: Stored<Value> | null): Value | undefined;
/** Converts a stored value to its domain value; null to undefined. */
export function fromStored(stored: string | null): string | undefined {
  return stored === null ? undefined : (DOMAIN_VALUES.get(stored) ?? stored);
}
