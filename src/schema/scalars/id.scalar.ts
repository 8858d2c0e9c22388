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

/** Stands for an id that came as a JSON number which is not exact: parsing the JSON lost its last digits. */
const INEXACT_ID = Symbol('an id that is not exact');

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

/** GraphQL's ID, except for JSON numbers that are not exact. Literals in a document are text, hence always exact. */
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
  for (const member of Object.values(types).flatMap(typedMembers)) {
    if (getNamedType(member.type) !== GraphQLID) continue;
    // The same type, looked up by name.
    const type = typeFromAST(schema, parseType(String(member.type)));
    if (type === undefined) throw new Error(`the schema lost the type ${String(member.type)}`);
    member.type = type;
  }
}

function typedMembers(type: GraphQLNamedType): { type: GraphQLType }[] {
  if (isInputObjectType(type)) return Object.values(type.getFields());
  if (!isObjectType(type) && !isInterfaceType(type)) return [];
  return Object.values(type.getFields()).flatMap((field) => [field, ...field.args]);
}
