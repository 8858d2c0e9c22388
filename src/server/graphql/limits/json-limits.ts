import type { GraphQLError } from 'graphql';
import { operationTooLarge } from './operation-too-large.js';

/** Input goes three deep in this schema, and representations of entities hardly deeper. */
const MAX_LEVELS = 20;
/** No input of this schema has ten. Each that is not defined is told of with a copy of all. */
const MAX_KEYS = 200;

/** Why JSON is too large for what comes after. Without recursion: what is deep overflows the stack of whatever recurses. */
export function jsonProblem(json: unknown): GraphQLError | undefined {
  let level = [json].filter(isObject);
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth === MAX_LEVELS) return operationTooLarge(`variables and extensions of at most ${MAX_LEVELS} levels`);
    if (level.some((value) => !Array.isArray(value) && Object.keys(value).length > MAX_KEYS))
      return operationTooLarge(`at most ${MAX_KEYS} variables, and as many fields in an object of them`);
    level = level.flatMap((value) => Object.values(value).filter(isObject));
  }
  return undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
