/** Makes the object that TypeGraphQL needs for an enum from a list of values of the domain. */
export function enumOf<const T extends string>(values: readonly T[]): { readonly [value in T]: value } {
  return Object.fromEntries(values.map((value) => [value, value])) as { readonly [value in T]: value };
}

/** Creates an instance of a GraphQL type. TypeGraphQL distinguishes the members of unions and interfaces by class. */
export function instance<T extends object>(type: new () => T, fields: { readonly [Field in keyof T]: T[Field] }): T {
  return Object.assign(new type(), fields);
}
