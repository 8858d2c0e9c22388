import { SCOPES } from '../../../src/domain/api-client.js';
import type { Scope } from '../../../src/domain/api-client.js';
import { sendEach } from '../attack.js';
import type { Attack } from '../attack.js';
import type { Attacker } from '../attacker.js';
import {
  CANCEL_PAYMENT,
  LIST_PAYMENTS,
  READ_PAYMENT,
  READ_RECONCILIATION,
  RESOLVE_ENTITIES,
  WATCH_PAYMENT,
  emailMutation,
  linkMutation,
} from '../requests.js';
import { connectionInit, sendMessages, subscribe } from '../web-sockets.js';

const REQUIRED = '@requiresScopes of the field, which is checked before any field runs';
const allExcept = (...missing: readonly Scope[]): readonly Scope[] =>
  SCOPES.filter((scope) => !missing.includes(scope));
const NO_READING = allExcept('payments:read', 'backoffice:read');

/** A request of a client that has only these scopes. */
function withScopes(
  name: string,
  details: string,
  scopes: readonly Scope[],
  request: (attacker: Attacker) => object,
): Attack {
  return {
    name,
    details,
    stage: 'scopes',
    stoppedBy: REQUIRED,
    response: '403 FORBIDDEN',
    run: async (attacker) =>
      attacker.send(request(attacker), { headers: { authorization: await attacker.bearer(scopes) } }),
  };
}

const idOf = ({ victim }: Attacker): { id: string } => ({ id: victim.id });

/** Requests of clients without the scopes that they need. */
export const scopeAttacks: readonly Attack[] = [
  withScopes('e-mails a payer without payments:send', 'sendPaymentRequest.', allExcept('payments:send'), emailMutation),
  withScopes(
    'creates a payment without payments:create',
    'createPaymentSession.',
    allExcept('payments:create'),
    linkMutation,
  ),
  withScopes(
    'cancels a payment without payments:cancel',
    'cancelPaymentSession.',
    allExcept('payments:cancel'),
    (attacker) => ({ query: CANCEL_PAYMENT, variables: idOf(attacker) }),
  ),
  withScopes('reads a payment without payments:read', 'paymentSession.', NO_READING, (attacker) => ({
    query: READ_PAYMENT,
    variables: idOf(attacker),
  })),
  withScopes('lists payments without payments:read', 'paymentSessions.', NO_READING, () => ({ query: LIST_PAYMENTS })),
  withScopes('resolves entities without payments:read', '_entities.', NO_READING, ({ victim }) => ({
    query: RESOLVE_ENTITIES,
    variables: { of: [{ __typename: 'PaymentSession', id: victim.id }] },
  })),
  withScopes(
    'reads a reconciliation report without reconciliation:read',
    'reconciliationReport.',
    allExcept('reconciliation:read', 'backoffice:read'),
    () => ({ query: READ_RECONCILIATION }),
  ),
  {
    name: 'watches a payment over HTTP without payments:read',
    details: 'paymentSessionUpdated as server-sent events and as a multipart response.',
    stage: 'scopes',
    stoppedBy: REQUIRED,
    response: '200 FORBIDDEN',
    run: async (attacker) => {
      const authorization = await attacker.bearer(NO_READING);
      return sendEach(['text/event-stream', 'multipart/mixed;subscriptionSpec=1.0'], (accept) =>
        attacker.send({ query: WATCH_PAYMENT, variables: idOf(attacker) }, { headers: { authorization, accept } }),
      );
    },
  },
  {
    name: 'watches a payment over a WebSocket without payments:read',
    details: 'paymentSessionUpdated, by the protocol graphql-transport-ws.',
    stage: 'scopes',
    stoppedBy: REQUIRED,
    response: 'FORBIDDEN',
    run: async (attacker) =>
      sendMessages(attacker, [
        connectionInit(await attacker.bearer(NO_READING)),
        subscribe({ query: WATCH_PAYMENT, variables: idOf(attacker) }),
      ]),
  },
  {
    name: 'e-mails a payer over a WebSocket without payments:send',
    details: 'sendPaymentRequest, by the protocol graphql-transport-ws.',
    stage: 'scopes',
    stoppedBy: REQUIRED,
    response: 'FORBIDDEN',
    run: async (attacker) =>
      sendMessages(attacker, [
        connectionInit(await attacker.bearer(allExcept('payments:send'))),
        subscribe(emailMutation()),
      ]),
  },
  withScopes(
    'hides a forbidden field in fragments',
    'reconciliationReport under an alias in a fragment of a fragment, beside an allowed field.',
    ['payments:read'],
    () => ({
      query: `{ __typename ... { ...A } } fragment A on Query { ...B } fragment B on Query { harmless: reconciliationReport(date: "2026-01-01") { rowCount } }`,
    }),
  ),
  withScopes(
    'includes a forbidden field by a variable',
    'reconciliationReport with @include and a variable that is false by default and true in the request.',
    ['payments:read'],
    () => ({
      query:
        'query ($no: Boolean = false) { __typename reconciliationReport(date: "2026-01-01") @include(if: $no) { rowCount } }',
      variables: { no: true },
    }),
  ),
  {
    name: 'spells scopes in other ways',
    details: 'Scopes in upper case, with wildcards, a suffix or a prefix, separated by commas, and as a list.',
    stage: 'scopes',
    stoppedBy: 'src/identity compares whole scopes',
    response: '403 FORBIDDEN',
    run: (attacker) => {
      const claims = [
        'PAYMENTS:SEND',
        'payments:send2',
        'payments:*',
        '*',
        'xpayments:send',
        'payments:send,payments:read',
        'payments :send',
      ];
      return sendEach([...claims, ['payments:'], []], async (scope) => {
        const authorization = await attacker.fixtures.identityProvider.bearer({ sub: 'mallory', scope });
        return attacker.send(emailMutation(), { headers: { authorization } });
      });
    },
  },
  {
    name: 'claims scopes outside its token',
    details: 'Scopes in headers and in the extensions of the request.',
    stage: 'scopes',
    stoppedBy: 'Scopes are read only from the token',
    response: '403 FORBIDDEN',
    run: async (attacker) => {
      const authorization = await attacker.bearer(['payments:read']);
      const scopes = SCOPES.join(' ');
      const body = {
        ...emailMutation(),
        extensions: { scope: scopes, scopes: SCOPES, client: { id: 'shop', scopes: SCOPES } },
      };
      return attacker.send(body, {
        headers: { authorization, scope: scopes, 'x-scopes': scopes, 'x-oauth-scopes': scopes },
      });
    },
  },
];
