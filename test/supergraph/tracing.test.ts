import { expect, it } from '@jest/globals';
import { ApolloGateway } from '@apollo/gateway';
import { ApolloServer, HeaderMap } from '@apollo/server';
import { ApolloServerPluginInlineTrace } from '@apollo/server/plugin/inlineTrace';
import { Trace } from '@apollo/usage-reporting-protobuf';
import { composeSupergraph } from '../../examples/supergraph/compose.mjs';
import { withGateway } from '../support/fixture.js';
import { CREATION, newInput, pay, paymentIn } from '../support/payments.js';

const { gateway: payments } = withGateway();

it('a gateway that traces is told how long each field of a payment took', async () => {
  const subgraph = { payments: `${payments.url}/graphql` };
  const supergraphSdl = await composeSupergraph(subgraph);
  const gateway = new ApolloGateway({ supergraphSdl });
  const server = new ApolloServer({ gateway, plugins: [ApolloServerPluginInlineTrace()] });
  const { id } = paymentIn(await pay(payments, CREATION, newInput()));
  // What a gateway sends to a subgraph makes this one ask its own subgraph for a trace, which it puts into its own.
  const headers = new Map([['apollo-federation-include-trace', 'ftv1']]);
  const answer = await server.executeOperation(
    {
      query: `{ paymentSession(id: "${id}") { id status } }`,
      http: { method: 'POST', headers: new HeaderMap(headers), search: '', body: null },
    },
    {},
  );
  await server.stop();
  const { extensions } = answer.body.kind === 'single' ? answer.body.singleResult : {};
  const { queryPlan } = Trace.decode(Buffer.from(String(extensions?.ftv1), 'base64'));
  expect(queryPlan?.fetch).toMatchObject({ serviceName: 'payments', traceParsingFailed: false });
  const [field] = queryPlan?.fetch?.trace?.root?.child ?? [];
  expect(field).toMatchObject({ responseName: 'paymentSession', type: 'PaymentSession' });
  expect(field?.child?.map(({ responseName }) => responseName)).toEqual(['id', 'status']);
});
