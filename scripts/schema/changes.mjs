// What changed since the last release, as those notice it who use the graph.
import { CriticalityLevel, diff } from '@graphql-inspector/core';
import { parse } from 'graphql';
import { apiSchema } from './api-schema.mjs';
import { federationBreaks } from './federation-breaks.mjs';

/**
 * Breaking: an operation, another subgraph or a contract that was right is no longer so, or shows what it did not.
 * Dangerous: one may meet what it does not expect, such as a new value of an enum.
 * @param {string} released
 * @param {string} sdl
 * @returns {Promise<{ breaking: string[], dangerous: string[] }>}
 */
export async function changesSince(released, sdl) {
  const changes = await diff(apiSchema(released), apiSchema(sdl));
  const messagesOf = (/** @type {CriticalityLevel} */ level) =>
    changes.filter(({ criticality }) => criticality.level === level).map(({ message }) => message);
  return {
    breaking: [...messagesOf(CriticalityLevel.Breaking), ...federationBreaks(parse(released), parse(sdl))],
    dangerous: messagesOf(CriticalityLevel.Dangerous),
  };
}
