import { GraphQLError } from 'graphql';

/**
 * The part of an error that clients receive. Of a subgraph's error that is the path, the code, the request id, and which arguments to
 * correct, as with router.yaml in Apollo Router. Failures of payments are data and pass unchanged.
 * @param {import('graphql').GraphQLFormattedError} error
 */
export function redacted({ message, path, extensions = {} }) {
  const { serviceName, code, requestId, inputPath, issues } = extensions;
  if (serviceName === undefined) return new GraphQLError(message, { path, extensions });
  return new GraphQLError('Subgraph errors redacted', { path, extensions: { code, requestId, inputPath, issues } });
}
