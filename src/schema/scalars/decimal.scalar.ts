import { GraphQLError, GraphQLScalarType, Kind } from 'graphql';
import type { ValueNode } from 'graphql';

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
