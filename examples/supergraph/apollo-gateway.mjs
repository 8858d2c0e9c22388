// Serves the supergraph with @apollo/gateway, which supports queries and mutations, but no subscriptions.
import { randomUUID } from 'node:crypto';
import { ApolloGateway, RemoteGraphQLDataSource } from '@apollo/gateway';
import { ApolloServer } from '@apollo/server';
import { startStandaloneServer } from '@apollo/server/standalone';
import { composeSupergraph } from './compose.mjs';
import { redacted } from './redacted.mjs';
import { FORWARDED_HEADERS, subgraphs } from './subgraphs.mjs';

class Subgraph extends RemoteGraphQLDataSource {
  willSendRequest({ request, context }) {
    for (const [name, value] of context.forwarded ?? []) request.http.headers.set(name, value);
  }
}

const gateway = new ApolloGateway({
  // @apollo/gateway rejects a supergraph with @authenticated or @requiresScopes, because it cannot enforce them. The payments subgraph
  // publishes them only with SUBGRAPH_AUTHORIZATION_DIRECTIVES=true, and enforces its scopes in any case.
  supergraphSdl: await composeSupergraph(subgraphs),
  buildService: ({ url }) => new Subgraph({ url }),
});
const server = new ApolloServer({ gateway, formatError: redacted, includeStacktraceInErrorResponses: false });

const { url } = await startStandaloneServer(server, {
  listen: { host: '127.0.0.1', port: Number(process.env.PORT ?? 4003) },
  context: async ({ req: { headers } }) => {
    const forwarded = FORWARDED_HEADERS.filter((name) => headers[name]).map((name) => [name, headers[name]]);
    return { forwarded: [['x-request-id', headers['x-request-id'] ?? randomUUID()], ...forwarded] };
  },
});
console.log(`supergraph: ${url}`);
