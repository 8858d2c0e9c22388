// For codegen.yml: which types a fragment on an interface or union concerns. Without it the cache of Apollo Client drops what such a
// fragment selects, `retryAdvice` of PaymentError for one.
import { isAbstractType, isIntrospectionType } from 'graphql';

/** What clients that are older than the gateway take for a PaymentError: Apollo Client reads it as a regular expression. */
const UNKNOWN_ERRORS = { PaymentError: ['.*Error'] };

/** @param {import('graphql').GraphQLSchema} schema */
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
