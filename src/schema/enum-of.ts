/** The object that TypeGraphQL wants for an enum, of a domain's list of words. */
export function enumOf<const T extends string>(words: readonly T[]): { readonly [word in T]: word } {
  return Object.fromEntries(words.map((word) => [word, word])) as { readonly [word in T]: word };
}
