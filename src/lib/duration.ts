const UNITS_MS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** One day in milliseconds. */
export const DAY_MS = UNITS_MS.d;

/**
 * Reads a duration: a whole number of up to nine digits and a unit (`ms`, `s`, `m`, `h`, `d`), such as `500ms` or `90d`.
 * Returns milliseconds, or undefined for any other text.
 */
export function parseDuration(text: string): number | undefined {
  const [, count = '', unit = ''] = /^(\d{1,9})(ms|s|m|h|d)$/.exec(text) ?? [];
  return unit === '' ? undefined : Number(count) * UNITS_MS[unit as keyof typeof UNITS_MS];
}

/** Writes milliseconds in the largest unit that leaves a whole number, such as `90s` or `2m`. */
export function formatDuration(ms: number): string {
  const units = Object.entries(UNITS_MS).reverse();
  const [unit, size] = units.find(([, each]) => ms % each === 0) ?? ['ms', 1];
  return `${ms / size}${unit}`;
}
