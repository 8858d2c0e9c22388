/** Makes the object that TypeGraphQL needs for an enum from a list of values of the domain. */
export function enumOf<const T extends string>(values: readonly T[]): { readonly [value in T]: value } {
  return Object.fromEntries(values.map((value) => [value, value])) as { readonly [value in T]: value };
}
