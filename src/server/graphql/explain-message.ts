const MISSING_ARGUMENT =
  /^(?:Field|Directive) "[^"]+" argument "(\w+)" of type "[^"]+" is required, but it was not provided\.$/;
const MISSING_FIELD = /^Field "(?:\w+\.)?(\w+)" of required type "[^"]+" was not provided\.$/;

export function isMissingArgument(message: string): boolean {
  return MISSING_ARGUMENT.test(message);
}

/**
 * What a message of graphql-js about input says, as far as it comes from the schema. Each pattern is anchored at the start and
 * takes schema names only; whatever follows, the value among it, is dropped. Those of what is missing are anchored at the
 * end as well: the name of an unknown field may read like them.
 */
export function explainMessage(message: string): { missingField?: string; reason: string } {
  const missing = MISSING_FIELD.exec(message) ?? MISSING_ARGUMENT.exec(message);
  if (missing?.[1] !== undefined) return { missingField: missing[1], reason: 'is required' };
  if (/^Field "[^]*" is not defined by type /.test(message))
    return { reason: 'has a field that its type does not define' };
  if (/^Expected non-nullable type "[^"]+" not to be null/.test(message)) return { reason: 'must not be null' };
  const type =
    // As far as it goes: the value, which comes first, may read like the rest.
    /^Value "[^]*" does not exist in "(\w+)" enum\./.exec(message)?.[1] ??
    /^Expected (?:value of )?type "([\w![\]]+)"/.exec(message)?.[1] ??
    /^(?:Enum ")?(\w+)"? (?:cannot|must)/.exec(message)?.[1];
  if (type === undefined) return { reason: 'is of a type that does not fit' };
  return {
    reason: /^ID\b/.test(type) ? `must be of type ${type}: send a string in quotes` : `must be of type ${type}`,
  };
}
