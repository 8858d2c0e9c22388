// The configuration of Hive Gateway; its command line reads this file as well: `hive-gateway supergraph supergraph.graphql`.
import { GraphQLError } from 'graphql';
import { redacted } from './redacted.mjs';
import { FORWARDED_HEADERS } from './subgraphs.mjs';

/** @satisfies {Partial<import('@graphql-hive/gateway-runtime').GatewayConfigSupergraph>} */
export const gatewayConfig = {
  // Subgraphs get x-request-id in any case: Hive makes one where the client sends none.
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

/** Hive keeps what it had sent with an error, names and e-mails of payers among it, and logs it. */
function withoutRequest({ result }) {
  for (const error of result.errors ?? []) delete error.extensions?.request;
}
