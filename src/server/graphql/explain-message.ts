const MISSING_ARGUMENT =
  /^(?:Field|Directive) "[^"]+" argument "(\w+)" of type "[^"]+" is required, but it was not provided\.$/;
const MISSING_FIELD = /^Field "(?:\w+\.)?(\w+)" of required type "[^"]+" was not provided\.$/;

/** Whether a message of graphql-js reports that a required argument is missing. */
export function isMissingArgument(message: string): boolean {
  return MISSING_ARGUMENT.test(message);
}

/**
 * Reduces a message of graphql-js about input to the part that comes from the schema. Each pattern is anchored at the
 * start and matches schema names only; the rest, which may hold the value, is dropped. The patterns for missing fields
 * are anchored at the end as well, because the name of an unknown field may imitate them.
 */
export function explainMessage(message: string): { missingField?: string; reason: string } {
  const missing = MISSING_FIELD.exec(message) ?? MISSING_ARGUMENT.exec(message);
  if (missing?.[1] !== undefined) return { missingField: missing[1], reason: 'is required' };
  if (/^Field "[^]*" is not defined by type /.test(message))
    return { reason: 'has a field that its type does not define' };
  if (/^Expected non-nullable type "[^"]+" not to be null/.test(message)) return { reason: 'must not be null' };
  const type =
    // Greedy: the value comes first and may imitate the rest.
    /^Value "[^]*" does not exist in "(\w+)" enum\./.exec(message)?.[1] ??
    /^Expected (?:value of )?type "([\w![\]]+)"/.exec(message)?.[1] ??
    /^(?:Enum ")?(\w+)"? (?:cannot|must)/.exec(message)?.[1];
  if (type === undefined) return { reason: 'is of the wrong type' };
  return {
    reason: /^ID\b/.test(type) ? `must be of type ${type}: send a string in quotes` : `must be of type ${type}`,
  };
}
