// Serves the supergraph with Hive Gateway, which supports queries, mutations and subscriptions.
import { createServer } from 'node:http';
import { createGatewayRuntime } from '@graphql-hive/gateway-runtime';
import { composeSupergraph } from './compose.mjs';
import { gatewayConfig } from './gateway.config.mjs';
import { subgraphs } from './subgraphs.mjs';

const gateway = createGatewayRuntime({ ...gatewayConfig, supergraph: await composeSupergraph(subgraphs) });
const server = createServer(gateway);
server.listen(Number(process.env.PORT ?? 4002), '127.0.0.1', () => {
  console.log(`supergraph: http://127.0.0.1:${server.address().port}/graphql`);
});

for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, async () => {
    server.close();
    await gateway.dispose();
    // Otherwise open subscriptions would keep the process running until their payments are final.
    server.closeAllConnections();
  });
}
