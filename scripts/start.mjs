// Behind `npm start`: the gateway for development, with the sandbox in place of Flinks unless FLINKS_BASE_URL names the real one.
import { randomUUID } from 'node:crypto';
import { curlLine } from './examples.mjs';
import { startPayments } from './programs.mjs';

const { graphqlUrl, sandboxUrl, flinksUrl } = await startPayments();
const identified = (process.env.AUTH_MODE || 'none') !== 'none';
console.log(welcome());

function welcome() {
  const lines = [
    `Start page   ${new URL('/', graphqlUrl)}   (in a browser: GraphiQL and Apollo Sandbox)`,
    `GraphQL      ${graphqlUrl}`,
    sandboxUrl ? `Sandbox      ${sandboxUrl}   (plays Flinks: outbox, journal, faults)` : `Flinks       ${flinksUrl}`,
    '',
    'Make a payment; open the paymentUrl of the answer in a browser to pay it:',
    '',
    // A key of this start: the sandbox has forgotten the payments of earlier ones, the gateway has not.
    curlLine('create-payment-session', graphqlUrl, randomUUID(), identified),
    '',
    'Sent again it gives the same payment; another idempotencyKey is another payment.',
    ...(identified ? ['In place of … put a token or key: docs/identity.md tells where they come from.'] : []),
  ];
  return `\n${lines.join('\n')}\n`;
}
