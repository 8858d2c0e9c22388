// The configuration of Hive Gateway; its command line reads this file as well: `hive-gateway supergraph supergraph.graphql`.
import { GraphQLError } from 'graphql';
import { redacted } from './redacted.mjs';
import { FORWARDED_HEADERS } from './subgraphs.mjs';

/** @satisfies {Partial<import('@graphql-hive/gateway-runtime').GatewayConfigSupergraph>} */
export const gatewayConfig = {
  // Hive forwards x-request-id without being configured, and generates one if the client sends none.
  propagateHeaders: {
    fromClientToSubgraphs: ({ request }) =>
      Object.fromEntries(FORWARDED_HEADERS.map((name) => [name, request.headers.get(name) ?? undefined])),
  },
  // Above MUTATION_TIMEOUT of the payments subgraph: by then it responds with the outcome of a payment.
  upstreamTimeout: 35_000,
  // Not set: upstreamRetry, which would repeat mutations too.
  maskedErrors: {
    maskError: (error, message) => (error instanceof GraphQLError ? redacted(error) : new GraphQLError(message)),
  },
  plugins: () => [{ onSubgraphExecute: () => withoutRequest }],
};

/** When a request fails, Hive keeps it in the error, names and e-mail addresses of payers included, and logs it. */
function withoutRequest({ result }) {
  for (const error of result.errors ?? []) delete error.extensions?.request;
}
