// Behind `npm run supergraph`: what `npm start` starts, and examples/supergraph over it.
import { randomUUID } from 'node:crypto';
import { readExample } from './examples.mjs';
import { start, startPayments } from './programs.mjs';

const ADDRESS = /http:\/\/\S+/;

// Nobody has a token for the order that is placed here.
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

/** A payment of one subgraph for an order of the other, both made through the supergraph. */
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
    ...(sandboxUrl ? [`Sandbox      ${sandboxUrl}   (plays Flinks)`] : []),
    '',
    'There is an order already. Ask for it and, from the other subgraph, for its payment:',
    '',
    `curl -s ${supergraphUrl} -H 'content-type: application/json' -d '${JSON.stringify({ query })}'`,
    '',
    'Open the paymentUrl of the response in a browser to pay, then send the query again.',
  ];
  return `\n${lines.join('\n')}\n`;
}
