import { GraphQLError, GraphQLScalarType, Kind } from 'graphql';
import type { ValueNode } from 'graphql';
import { GraphQLDateTime, GraphQLLocalDate } from 'graphql-scalars';

/** A calendar date, as text. */
export const DateScalar = new GraphQLScalarType<string, string>({
  ...GraphQLLocalDate.toConfig(),
  name: 'Date',
  description: 'A calendar date as YYYY-MM-DD, without a time zone.',
  extensions: {},
});

/** A point in time, as a `Date`. */
export const DateTimeScalar = new GraphQLScalarType({
  ...GraphQLDateTime.toConfig(),
  description: 'A date and time as in RFC 3339, such as 2007-12-03T10:15:30Z. The gateway returns UTC.',
});

/**
 * A decimal as received: the client's text, well-formed or not, so that validation can report it with all other
 * problems. A number that is not a safe integer stays a number, because it has been a float already.
 */
export type DecimalInput = string | number;

/** Decimals as text, in both directions. */
export const DecimalScalar = new GraphQLScalarType<DecimalInput, string>({
  name: 'Decimal',
  description:
    'An exact decimal number, returned as a string, such as "250.00". Send a string, a whole number, or a decimal literal in the document. ' +
    'A fractional JSON number in the variables is not exact and is reported as INVALID_DECIMAL: send a string instead.',
  serialize: String,
  parseValue(value: unknown): DecimalInput {
    if (typeof value === 'string') return value;
    if (typeof value === 'number') return Number.isSafeInteger(value) ? String(value) : value;
    throw new GraphQLError('Decimal must be a string.');
  },
  parseLiteral(node: ValueNode): DecimalInput {
    if (node.kind === Kind.STRING || node.kind === Kind.INT || node.kind === Kind.FLOAT) return node.value;
    throw new GraphQLError('Decimal must be a string or a number.', { nodes: node });
  },
});

/** The largest GraphQL `Int`. A larger number fails to serialize, which would null its whole parent. */
const MAX_INT = 2 ** 31 - 1;

/**
 * Converts a wait or a count to a GraphQL `Int`, capped at the maximum. Rate limits may span 30 days, which in
 * milliseconds exceeds it: a client that retries after 24 days gets the rest. No count of a day's payments exceeds it.
 */
export function intOf(number: number): number {
  return Math.min(Math.ceil(number), MAX_INT);
}
