/** Creates an instance of a GraphQL type. TypeGraphQL distinguishes the members of unions and interfaces by class. */
export function instance<T extends object>(type: new () => T, fields: { readonly [Field in keyof T]: T[Field] }): T {
  return Object.assign(new type(), fields);
}
