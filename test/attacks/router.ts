import { createHmac } from 'node:crypto';
import { each } from './attack.js';
import type { Attack } from './attack.js';
import { aSend } from './requests.js';
import type { GraphqlRequest } from './requests.js';
import type { World } from './world.js';

export const ROUTER_SECRET = 'secret-of-the-router';
export const SIGNATURE_SECRET = 'secret-of-signatures';

const PROOF = 'src/identity/router-authenticator.ts';
const REFUSED = '403 FORBIDDEN';

/** An operation as the router signs it. Its members are in the order of their names already. */
export function signed(request: GraphqlRequest, secret = SIGNATURE_SECRET): GraphqlRequest {
  const { query, variables } = request;
  const text = JSON.stringify({ query, ...(variables === undefined ? {} : { variables: ordered(variables) }) });
  const signature = createHmac('sha256', secret).update(text).digest('base64');
  return { ...request, extensions: { ...request.extensions, 'hmac-signature': signature } };
}

function ordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(ordered);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(entries.map(([name, part]) => [name, ordered(part)]));
}

const bySecret = (name: string, tries: string, headers: readonly Record<string, string | undefined>[]): Attack => ({
  name,
  tries,
  stage: 'router',
  stoppedBy: `${PROOF}: ROUTER_SECRETS`,
  answer: REFUSED,
  on: 'router secret',
  attack: (world) => each(headers, (shown) => world.ask(aSend(), { headers: shown })),
});

const bySignature = (name: string, tries: string, bodies: (world: World) => readonly object[]): Attack => ({
  name,
  tries,
  stage: 'router',
  stoppedBy: `${PROOF}: ROUTER_SIGNATURE_SECRETS`,
  answer: REFUSED,
  on: 'router signature',
  attack: (world) => each(bodies(world), (body) => world.ask(body)),
});

const withSignature = (request: GraphqlRequest, signature: unknown): object => ({
  ...request,
  extensions: { 'hmac-signature': signature },
});

export const routerAttacks: readonly Attack[] = [
  bySecret('goes round the router', 'a request without its secret', [{ 'router-authorization': undefined }]),
  bySecret(
    'guesses the secret of the router',
    'other secrets, its beginning, its end, in other cases, twice',
    [
      '',
      'x',
      ROUTER_SECRET.slice(0, -1),
      `${ROUTER_SECRET}x`,
      ROUTER_SECRET.toUpperCase(),
      `Bearer ${ROUTER_SECRET}`,
      `${ROUTER_SECRET}, ${ROUTER_SECRET}`,
    ].map((secret) => ({ 'router-authorization': secret })),
  ),
  bySecret('shows the secret of the router elsewhere', 'in authorization, a cookie and other headers', [
    {
      'router-authorization': undefined,
      authorization: ROUTER_SECRET,
      cookie: `router-authorization=${ROUTER_SECRET}`,
      'x-router-authorization': ROUTER_SECRET,
    },
  ]),
  bySignature('goes round a router that signs', 'a request without a signature', () => [
    aSend(),
    { ...aSend(), extensions: {} },
  ]),
  bySignature('signs in place of the router', 'signatures by other secrets, empty, of other types', () => [
    signed(aSend(), 'another-secret-of-16'),
    signed(aSend(), ''),
    withSignature(aSend(), ''),
    withSignature(aSend(), true),
    withSignature(aSend(), null),
    withSignature(aSend(), ['x']),
  ]),
  bySignature(
    'uses the signature of another request',
    'the signature of a query with other variables, another document, none',
    () => {
      const { extensions } = signed(aSend());
      const { query } = aSend();
      return [
        { ...aSend(), extensions },
        { query: `${query} `, variables: aSend().variables, extensions },
        { query, extensions },
      ];
    },
  ),
  {
    ...bySignature('signs a list as one', 'a list of a signed operation and another', () => []),
    attack: (world) => each([[signed(aSend()), aSend()], [signed(aSend())]], (body) => world.ask(body)),
  },
];
