// Behind `npm start`: the gateway for development, with the sandbox in place of Flinks unless FLINKS_BASE_URL names the real one.
import { randomUUID } from 'node:crypto';
import { curlLine } from './examples.mjs';
import { startPayments } from './programs.mjs';

const { graphqlUrl, sandboxUrl, flinksUrl } = await startPayments();
console.log(welcome());

function welcome() {
  const lines = [
    `Start page   ${new URL('/', graphqlUrl)}   (in a browser: GraphiQL and Apollo Sandbox)`,
    `GraphQL      ${graphqlUrl}`,
    sandboxUrl ? `Sandbox      ${sandboxUrl}   (plays Flinks: outbox, journal, faults)` : `Flinks       ${flinksUrl}`,
    '',
    'Make a payment; open the launchUrl of the answer in a browser to pay it:',
    '',
    // A key of this start: the sandbox has forgotten the payments of earlier ones, the gateway has not.
    curlLine('create-payment-session', graphqlUrl, randomUUID()),
    '',
    'Sent again it gives the same payment; another idempotencyKey is another payment.',
  ];
  return `\n${lines.join('\n')}\n`;
}
