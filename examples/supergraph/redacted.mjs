import { GraphQLError } from 'graphql';

/**
 * Removes everything from an error of a subgraph that clients need not see. They see its path, its code, the request id, and which
 * arguments to correct, as with router.yaml in this folder. Failures of payments are data and pass unchanged.
 * @param {import('graphql').GraphQLFormattedError} error
 */
export function redacted({ message, path, extensions = {} }) {
  const { serviceName, code, requestId, inputPath, issues } = extensions;
  if (serviceName === undefined) return new GraphQLError(message, { path, extensions });
  return new GraphQLError('Subgraph errors redacted', { path, extensions: { code, requestId, inputPath, issues } });
}
