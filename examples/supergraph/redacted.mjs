import { GraphQLError } from 'graphql';

/**
 * What clients get of an error: of one from a subgraph only where it is, its code, the id to ask about it, and what of the
 * arguments to correct, as Apollo Router does with the router.yaml beside this file. Failures of payments are data, and pass whole.
 * @param {import('graphql').GraphQLFormattedError} error
 */
export function redacted({ message, path, extensions = {} }) {
  const { serviceName, code, requestId, inputPath, issues } = extensions;
  if (serviceName === undefined) return new GraphQLError(message, { path, extensions });
  return new GraphQLError('Subgraph errors redacted', { path, extensions: { code, requestId, inputPath, issues } });
}
