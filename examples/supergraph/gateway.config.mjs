// Configures Hive Gateway. Its command line reads this file too: `hive-gateway supergraph supergraph.graphql`.
import { GraphQLError } from 'graphql';
import { redacted } from './redacted.mjs';
import { FORWARDED_HEADERS } from './subgraphs.mjs';

/** @satisfies {Partial<import('@graphql-hive/gateway-runtime').GatewayConfigSupergraph>} */
export const gatewayConfig = {
  // x-request-id is not listed, because Hive forwards it by itself, and creates one if the client sends none.
  propagateHeaders: {
    fromClientToSubgraphs: ({ request }) =>
      Object.fromEntries(FORWARDED_HEADERS.map((name) => [name, request.headers.get(name) ?? undefined])),
  },
  // Longer than MUTATION_TIMEOUT, by which the payments subgraph responds with the outcome of a payment.
  upstreamTimeout: 35_000,
  // Do not set upstreamRetry, which would repeat mutations too.
  maskedErrors: {
    maskError: (error, message) => (error instanceof GraphQLError ? redacted(error) : new GraphQLError(message)),
  },
  plugins: () => [{ onSubgraphExecute: () => withoutRequest }],
};

/** Hive adds the request to an error and logs it. A request contains names and e-mail addresses of payers. */
function withoutRequest({ result }) {
  for (const error of result.errors ?? []) delete error.extensions?.request;
}
