/** Pauses that grow from the first to the longest. */
export interface Backoff {
  readonly initialMs: number;
  readonly maxMs: number;
  /** By how much each pause is longer than the one before; 2 by default. */
  readonly factor?: number;
}

/** The pause before the next try, in milliseconds, after `failures` failed ones (from 1). */
export function backoffMs({ initialMs, maxMs, factor = 2 }: Backoff, failures: number): number {
  return Math.min(maxMs, initialMs * factor ** (failures - 1));
}
