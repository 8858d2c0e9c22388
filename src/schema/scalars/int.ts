/** The largest GraphQL `Int`. A larger number fails to serialize, which would null its whole parent. */
const MAX_INT = 2 ** 31 - 1;

/**
 * Converts a wait or a count to a GraphQL `Int`, capped at the maximum. Rate limits may span 30 days, which in
 * milliseconds exceeds it: a client that retries after 24 days gets the rest. No count of a day's payments exceeds it.
 */
export function intOf(number: number): number {
  return Math.min(Math.ceil(number), MAX_INT);
}
