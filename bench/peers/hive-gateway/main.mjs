// Hive Gateway by its programmatic API. One field of the project needs two calls, which its resolver makes.
import { createServer } from 'node:http';
import { createGatewayRuntime } from '@graphql-hive/gateway-runtime';
import { typeDefs } from '../schema.mjs';
import { accessToken, sessionRequest, success } from '../upstream.mjs';

const { PORT, SUPERGRAPH } = process.env;

/** Calls an operation of the OpenAPI description as a field of the subgraph. */
const call = (field, selectionSet, input, root, context, info) =>
  context.Flinks.Mutation[field]({ root, args: { input }, selectionSet, context, info });

const additionalResolvers = {
  Mutation: {
    createPaymentSession: async (root, { input }, context, info) => {
      const session = sessionRequest(input);
      const { sessionId } = await call('initiateSession', '{ sessionId }', session, root, context, info);
      const { requestId } = await call('activateSession', '{ requestId }', { sessionId }, root, context, info);
      return success('CreatePaymentSessionSuccess', 'LINK', input, sessionId, requestId);
    },
    sendPaymentRequest: async (root, { input }, context, info) => {
      const { sessionId } = await call('sendRequest', '{ sessionId }', sessionRequest(input), root, context, info);
      return success('SendPaymentRequestSuccess', 'EMAIL', input, sessionId, null);
    },
  },
};

const withToken = {
  async onFetch({ options, setOptions }) {
    const authorization = `Bearer ${await accessToken()}`;
    setOptions({ ...options, headers: { ...options.headers, authorization } });
  },
};

const gateway = createGatewayRuntime({
  supergraph: SUPERGRAPH,
  additionalTypeDefs: typeDefs.replace(/^type (Query|Mutation) /gm, 'extend type $1 '),
  additionalResolvers,
  plugins: () => [withToken],
});
createServer(gateway).listen(Number(PORT), '127.0.0.1');
// The runtime closes its own resources on this signal, and leaves the server to whoever made it.
process.once('SIGTERM', () => process.exit());
