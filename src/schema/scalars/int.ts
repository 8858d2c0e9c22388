/** The largest GraphQL `Int`. A larger number would be refused when it is written, and take its whole parent along. */
const MAX_INT = 2 ** 31 - 1;

/**
 * A wait or a count as a GraphQL `Int`. Limits may be counted over 30 days, which is more milliseconds than fit: who calls again
 * after 24 days is told the rest. A count that does not fit, which no day of payments has, is told as the largest one that does.
 */
export function intOf(number: number): number {
  return Math.min(Math.ceil(number), MAX_INT);
}
