// `npm run supergraph` starts what `npm start` starts, and the supergraph of examples/supergraph over it.
import './require-node.mjs';
import { randomUUID } from 'node:crypto';
import { readExample } from './examples.mjs';
import { start, startPayments } from './programs.mjs';

const ADDRESS = /http:\/\/\S+/;

// This script places an order and has no token for it.
process.env.AUTH_MODE = 'none';
const { graphqlUrl, sandboxUrl } = await startPayments();
const { ORDERS_PORT = '4001', SUPERGRAPH_PORT = '4002' } = process.env;
const ordersUrl = await start('examples/supergraph/orders.mjs', { ...process.env, PORT: ORDERS_PORT }, ADDRESS);
const subgraphs = { PAYMENTS_URL: graphqlUrl, ORDERS_URL: ordersUrl };
const supergraphUrl = await start(
  'examples/supergraph/hive-gateway.mjs',
  { ...process.env, ...subgraphs, PORT: SUPERGRAPH_PORT },
  ADDRESS,
);
await placeOrder();
console.log(welcome());

/** Creates a payment in one subgraph and an order for it in the other, both through the supergraph. */
async function placeOrder() {
  const { query, variables } = readExample('create-payment-session');
  Object.assign(variables.input, { idempotencyKey: randomUUID() });
  const { createPaymentSession } = await run(query, variables);
  const order = 'mutation ($payment: ID!) { placeOrder(item: "A sofa", paymentId: $payment) { id } }';
  await run(order, { payment: createPaymentSession.paymentSession.id });
}

async function run(query, variables) {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(supergraphUrl, { method: 'POST', headers, body: JSON.stringify({ query, variables }) });
  const { data, errors } = await response.json();
  if (errors) throw new Error(JSON.stringify(errors));
  return data;
}

function welcome() {
  const query = '{ orders { id item payment { id status amount { value } paymentUrl } } }';
  const lines = [
    `Supergraph   ${supergraphUrl}   (in a browser: GraphiQL, loaded from unpkg.com)`,
    `  payments   ${graphqlUrl}`,
    `  orders     ${ordersUrl}`,
    ...(sandboxUrl ? [`Sandbox      ${sandboxUrl}   (in place of Flinks)`] : []),
    '',
    'One order exists. This query reads the order from one subgraph and its payment from the other:',
    '',
    `curl -s ${supergraphUrl} -H 'content-type: application/json' -d '${JSON.stringify({ query })}'`,
    '',
    'Open the paymentUrl of the response in a browser to pay, then send the query again.',
  ];
  return `\n${lines.join('\n')}\n`;
}
