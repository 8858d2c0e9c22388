import type { GraphQLError } from 'graphql';
import { operationTooLarge } from './document-limits.js';

/** Input nests three deep in this schema, and entity representations hardly deeper. */
const MAX_LEVELS = 20;
/** No input of this schema has ten fields. Each undefined field produces an error with a copy of the whole object. */
const MAX_KEYS = 200;

/**
 * Returns why variables or extensions are too large for the code that processes them. Iterative: deep input overflows
 * the stack of recursive code.
 */
export function jsonProblem(json: unknown): GraphQLError | undefined {
  let level = [json].filter(isObject);
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth === MAX_LEVELS) return operationTooLarge(`${MAX_LEVELS} levels of variables or extensions`);
    if (level.some((value) => !Array.isArray(value) && Object.keys(value).length > MAX_KEYS))
      return operationTooLarge(`${MAX_KEYS} variables, or fields of an object in them`);
    level = level.flatMap((value) => Object.values(value).filter(isObject));
  }
  return undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
