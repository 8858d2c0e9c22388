// Used by codegen.yml. Lists the types of each interface and union. Without this list the cache of Apollo Client drops what a
// fragment on an interface selects, for example `retryAdvice` of PaymentError.
import { isAbstractType, isIntrospectionType } from 'graphql';

/** Errors that a newer gateway may return. Apollo Client reads these names as regular expressions. */
const UNKNOWN_ERRORS = { PaymentError: ['.*Error'] };

/**
 * Returns the module with the possible types.
 * @param {import('graphql').GraphQLSchema} schema
 */
export function plugin(schema) {
  const abstractTypes = Object.values(schema.getTypeMap()).filter(
    (type) => isAbstractType(type) && !isIntrospectionType(type),
  );
  const entries = abstractTypes.map((type) => {
    const names = schema.getPossibleTypes(type).map((each) => each.name);
    return [type.name, [...names.sort(), ...(UNKNOWN_ERRORS[type.name] ?? [])]];
  });
  return `export const possibleTypes: Record<string, string[]> = ${JSON.stringify(Object.fromEntries(entries.sort()), null, 2)};\n`;
}
