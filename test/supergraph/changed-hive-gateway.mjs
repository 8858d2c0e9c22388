// Hive Gateway of the example with some of its settings changed: CHANGES, as JSON.
import { gatewayConfig } from '../../examples/supergraph/gateway.config.mjs';

Object.assign(gatewayConfig, JSON.parse(process.env.CHANGES));
await import('../../examples/supergraph/hive-gateway.mjs');
