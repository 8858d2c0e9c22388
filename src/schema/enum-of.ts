/** The object that TypeGraphQL wants for an enum, of a domain's list of words. */
export function enumOf<const T extends string>(values: readonly T[]): { readonly [value in T]: value } {
  return Object.fromEntries(values.map((value) => [value, value])) as { readonly [value in T]: value };
}
