// Finds changes since the last release that can affect clients and other subgraphs.
import { CriticalityLevel, diff } from '@graphql-inspector/core';
import { parse } from 'graphql';
import { apiSchema } from './api-schema.mjs';
import { federationBreaks } from './federation-breaks.mjs';

/**
 * A change is breaking if a valid operation, another subgraph or a contract variant becomes invalid, or if a contract variant shows
 * more than before. A change is dangerous if clients may receive something unexpected, such as a new value of an enum.
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
