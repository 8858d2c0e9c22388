// The Hive Gateway of the example with the settings of CHANGES, as JSON.
// `webhooks` needs an object that JSON cannot express.
import { MemPubSub } from '@graphql-hive/pubsub';
import { gatewayConfig } from '../../examples/supergraph/gateway.config.mjs';

const changes = JSON.parse(process.env.CHANGES);
Object.assign(gatewayConfig, changes, changes.webhooks ? { pubsub: new MemPubSub() } : {});
await import('../../examples/supergraph/hive-gateway.mjs');
