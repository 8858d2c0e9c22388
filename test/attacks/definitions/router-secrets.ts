import { createHmac } from 'node:crypto';
import { sendEach } from '../attack.js';
import type { Attack } from '../attack.js';
import { emailMutation } from '../requests.js';
import type { GraphqlRequest } from '../requests.js';

export const ROUTER_SECRET = 'secret-of-the-router';
export const SIGNATURE_SECRET = 'secret-of-signatures';

const AUTHENTICATOR = 'src/identity/router-authenticator.ts';

/** A request as the router signs it. Its members are already in alphabetical order. */
export function signed(request: GraphqlRequest, secret = SIGNATURE_SECRET): GraphqlRequest {
  const { query, variables } = request;
  const text = JSON.stringify({ query, ...(variables === undefined ? {} : { variables: sorted(variables) }) });
  const signature = createHmac('sha256', secret).update(text).digest('base64');
  return { ...request, extensions: { ...request.extensions, 'hmac-signature': signature } };
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(entries.map(([name, part]) => [name, sorted(part)]));
}

const withHeaders = (
  name: string,
  details: string,
  variants: readonly Record<string, string | undefined>[],
): Attack => ({
  name,
  details,
  stage: 'router',
  stoppedBy: `${AUTHENTICATOR} (ROUTER_SECRETS)`,
  response: '403 FORBIDDEN',
  gateway: 'router secret',
  run: (attacker) => sendEach(variants, (headers) => attacker.send(emailMutation(), { headers })),
});

const withBodies = (name: string, details: string, bodies: () => readonly object[]): Attack => ({
  name,
  details,
  stage: 'router',
  stoppedBy: `${AUTHENTICATOR} (ROUTER_SIGNATURE_SECRETS)`,
  response: '403 FORBIDDEN',
  gateway: 'router signature',
  run: (attacker) => sendEach(bodies(), (body) => attacker.send(body)),
});

const withSignature = (request: GraphqlRequest, signature: unknown): object => ({
  ...request,
  extensions: { 'hmac-signature': signature },
});

/** Requests that bypass the router. */
export const routerSecretAttacks: readonly Attack[] = [
  withHeaders('bypasses the router', 'A request without the secret of the router.', [
    { 'router-authorization': undefined },
  ]),
  withHeaders(
    'guesses the secret of the router',
    'Wrong secrets, and the right one shortened, extended, in upper case, with "Bearer" and twice.',
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
  withHeaders(
    'sends the secret of the router in another place',
    'The right secret in authorization, in a cookie and in another header.',
    [
      {
        'router-authorization': undefined,
        authorization: ROUTER_SECRET,
        cookie: `router-authorization=${ROUTER_SECRET}`,
        'x-router-authorization': ROUTER_SECRET,
      },
    ],
  ),
  withBodies('bypasses a router that signs requests', 'A request without a signature.', () => [
    emailMutation(),
    { ...emailMutation(), extensions: {} },
  ]),
  withBodies(
    'signs a request itself',
    'Signatures with other secrets, an empty signature, and signatures of other types.',
    () => [
      signed(emailMutation(), 'another-secret-of-16'),
      signed(emailMutation(), ''),
      withSignature(emailMutation(), ''),
      withSignature(emailMutation(), true),
      withSignature(emailMutation(), null),
      withSignature(emailMutation(), ['x']),
    ],
  ),
  withBodies(
    'reuses the signature of another request',
    'The signature of a mutation on other variables, on another document, and on the document without variables.',
    () => {
      const { extensions } = signed(emailMutation());
      const { query, variables } = emailMutation();
      return [
        { ...emailMutation(), extensions },
        { query: `${query} `, variables, extensions },
        { query, extensions },
      ];
    },
  ),
  withBodies(
    'hides an unsigned operation in a list',
    'A list of a signed operation and an unsigned one, and a list of one signed operation.',
    () => [[signed(emailMutation()), emailMutation()], [signed(emailMutation())]],
  ),
];
