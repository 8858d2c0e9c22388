// `npm start` starts the gateway for development, and the sandbox in place of Flinks unless FLINKS_BASE_URL is set.
import './require-node.mjs';
import { randomUUID } from 'node:crypto';
import { curlLine } from './examples.mjs';
import { startPayments } from './programs.mjs';

const { graphqlUrl, sandboxUrl, flinksUrl } = await startPayments();
const needsCredentials = (process.env.AUTH_MODE || 'none') !== 'none';
console.log(welcome());

function welcome() {
  const lines = [
    `Start page   ${new URL('/', graphqlUrl)}   (in a browser: GraphiQL and Apollo Sandbox)`,
    `GraphQL      ${graphqlUrl}`,
    sandboxUrl
      ? `Sandbox      ${sandboxUrl}   (in place of Flinks: outbox, journal, faults)`
      : `Flinks       ${flinksUrl}`,
    '',
    'Create a payment, then open the paymentUrl of the response in a browser to pay:',
    '',
    // A new key for each start, because the sandbox has lost the payments of earlier starts, and the gateway has not.
    curlLine('create-payment-session', graphqlUrl, randomUUID(), needsCredentials),
    '',
    'The same command returns the same payment. Another idempotencyKey creates another payment.',
    ...(needsCredentials ? ['Replace … with an access token or API key (docs/identity.md).'] : []),
  ];
  return `\n${lines.join('\n')}\n`;
}
