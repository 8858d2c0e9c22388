import { expect, it } from '@jest/globals';
import { ApolloGateway } from '@apollo/gateway';
import { ApolloServer, HeaderMap } from '@apollo/server';
import { ApolloServerPluginInlineTrace } from '@apollo/server/plugin/inlineTrace';
import { Trace } from '@apollo/usage-reporting-protobuf';
import { composeSupergraph } from '../../examples/supergraph/compose.mjs';
import { withGateway } from '../support/fixture.js';
import { CREATION, newInput, pay, paymentIn } from '../support/payments.js';

const { gateway: payments } = withGateway();

it('a federation gateway that traces gets a trace of each field of a payment', async () => {
  const subgraph = { payments: `${payments.url}/graphql` };
  const supergraphSdl = await composeSupergraph(subgraph);
  const gateway = new ApolloGateway({ supergraphSdl });
  const server = new ApolloServer({ gateway, plugins: [ApolloServerPluginInlineTrace()] });
  const { id } = paymentIn(await pay(payments, CREATION, newInput()));
  // With the header that gateways send to subgraphs, this gateway includes the trace of its own subgraph.
  const headers = new Map([['apollo-federation-include-trace', 'ftv1']]);
  const response = await server.executeOperation(
    {
      query: `{ paymentSession(id: "${id}") { id status } }`,
      http: { method: 'POST', headers: new HeaderMap(headers), search: '', body: null },
    },
    {},
  );
  await server.stop();
  const { extensions } = response.body.kind === 'single' ? response.body.singleResult : {};
  const { queryPlan } = Trace.decode(Buffer.from(String(extensions?.ftv1), 'base64'));
  expect(queryPlan?.fetch).toMatchObject({ serviceName: 'payments', traceParsingFailed: false });
  const [field] = queryPlan?.fetch?.trace?.root?.child ?? [];
  expect(field).toMatchObject({ responseName: 'paymentSession', type: 'PaymentSession' });
  expect(field?.child?.map(({ responseName }) => responseName)).toEqual(['id', 'status']);
});
