import {
  GraphQLError,
  GraphQLID,
  GraphQLScalarType,
  getNamedType,
  isInputObjectType,
  isInterfaceType,
  isObjectType,
  parseType,
  typeFromAST,
} from 'graphql';
import type { GraphQLNamedType, GraphQLSchema, GraphQLType } from 'graphql';

/**
 * Stands for an id that came as a JSON number which is not exact: its last digits were lost when the JSON was parsed.
 */
export const INEXACT_ID = Symbol('an id that is not exact');

/** An id before validation, so that an inexact one is reported with all other problems. */
export type IdInput = string | typeof INEXACT_ID;

/** The id of input that passed validation. */
export function idOf(input: IdInput): string {
  if (typeof input !== 'string') throw new Error('an id that is not exact passed validation');
  return input;
}

/** Like `idOf`, for optional input. */
export function optionalIdOf(input: IdInput | null | undefined): string | undefined {
  return input == null ? undefined : idOf(input);
}

/**
 * GraphQL's ID, except for JSON numbers that are not exact. Literals in a document are text, hence exact whatever their
 * length.
 */
const IdScalar = new GraphQLScalarType({
  ...GraphQLID.toConfig(),
  parseValue: (value: unknown): IdInput => {
    if (typeof value === 'string') return value;
    if (typeof value !== 'number' || !Number.isInteger(value)) throw new GraphQLError('ID must be a string.');
    return Number.isSafeInteger(value) && !Object.is(value, -0) ? String(value) : INEXACT_ID;
  },
});

/**
 * Makes a schema parse ids with `IdScalar`. graphql-js puts its own ID into every schema that is built from SDL, even
 * if it is given another scalar of that name, so each use is replaced in the finished schema.
 */
export function readIdsExactly(schema: GraphQLSchema): void {
  const types = schema.getTypeMap();
  types[IdScalar.name] = IdScalar;
  for (const member of Object.values(types).flatMap(typedMembers))
    if (getNamedType(member.type) === GraphQLID) member.type = withIdOf(schema, member.type);
}

interface Typed {
  type: GraphQLType;
}

function typedMembers(type: GraphQLNamedType): Typed[] {
  if (isInputObjectType(type)) return Object.values(type.getFields());
  if (!isObjectType(type) && !isInterfaceType(type)) return [];
  return Object.values(type.getFields()).flatMap((field) => [field, ...field.args]);
}

/** The same type, looked up by name. */
function withIdOf(schema: GraphQLSchema, type: GraphQLType): GraphQLType {
  const found = typeFromAST(schema, parseType(String(type)));
  if (found === undefined) throw new Error(`the schema lost the type ${String(type)}`);
  return found;
}

/** The largest GraphQL `Int`. A larger number fails to serialize, which would null its whole parent. */
const MAX_INT = 2 ** 31 - 1;

/**
 * Converts a wait or a count to a GraphQL `Int`, capped at the maximum. Rate limits may span 30 days, which in
 * milliseconds exceeds it: a client that retries after 24 days gets the rest. No count of a day's payments exceeds it.
 */
export function intOf(number: number): number {
  return Math.min(Math.ceil(number), MAX_INT);
}
