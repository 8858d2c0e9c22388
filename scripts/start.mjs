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
    'Create a payment, then open the paymentUrl of the response in a browser to pay:',
    '',
    // A key of this start: the sandbox has forgotten the payments of earlier ones, the gateway has not.
    curlLine('create-payment-session', graphqlUrl, randomUUID(), identified),
    '',
    'Sent again, it returns the same payment. Another idempotencyKey makes another payment.',
    ...(identified ? ['Replace … with a token or API key: see docs/identity.md.'] : []),
  ];
  return `\n${lines.join('\n')}\n`;
}
