import { SCOPES } from '../../src/domain/api-client.js';
import type { Scope } from '../../src/domain/api-client.js';
import { each } from './attack.js';
import type { Attack } from './attack.js';
import { CANCEL, ENTITIES, LIST, READ, RECONCILIATION, WATCH, aCreation, aSend } from './requests.js';
import { init, subscribe, talk } from './sockets.js';
import type { World } from './world.js';

const STOPPED_BY = '@requiresScopes of the root field, checked before validation';
const without = (...missing: readonly Scope[]): readonly Scope[] => SCOPES.filter((scope) => !missing.includes(scope));
const NO_READS = without('payments:read', 'backoffice:read');

/** A request by somebody who has every scope but these. */
function lacking(name: string, tries: string, scopes: readonly Scope[], request: (world: World) => object): Attack {
  return {
    name,
    tries,
    stage: 'scopes',
    stoppedBy: STOPPED_BY,
    answer: '403 FORBIDDEN',
    attack: async (world) => world.ask(request(world), { headers: { authorization: await world.bearer(scopes) } }),
  };
}

const id = ({ victim }: World): { id: string } => ({ id: victim.id });

export const scopeAttacks: readonly Attack[] = [
  lacking('e-mails without payments:send', 'sendPaymentRequest', without('payments:send'), aSend),
  lacking('makes a payment without payments:create', 'createPaymentSession', without('payments:create'), aCreation),
  lacking('cancels without payments:cancel', 'cancelPaymentSession', without('payments:cancel'), (world) => ({
    query: CANCEL,
    variables: id(world),
  })),
  lacking('reads a payment without payments:read', 'paymentSession', NO_READS, (world) => ({
    query: READ,
    variables: id(world),
  })),
  lacking('lists payments without payments:read', 'paymentSessions', NO_READS, () => ({ query: LIST })),
  lacking('resolves entities without payments:read', '_entities', NO_READS, ({ victim }) => ({
    query: ENTITIES,
    variables: { of: [{ __typename: 'PaymentSession', id: victim.id }] },
  })),
  lacking(
    'reads reconciliation without its scope',
    'reconciliationReport',
    without('reconciliation:read', 'backoffice:read'),
    () => ({
      query: RECONCILIATION,
    }),
  ),
  {
    name: 'watches without payments:read over HTTP',
    tries: 'paymentSessionUpdated as a stream of events and in parts',
    stage: 'scopes',
    stoppedBy: STOPPED_BY,
    answer: '200 FORBIDDEN',
    attack: async (world) => {
      const authorization = await world.bearer(NO_READS);
      return each(['text/event-stream', 'multipart/mixed;subscriptionSpec=1.0'], (accept) =>
        world.ask({ query: WATCH, variables: id(world) }, { headers: { authorization, accept } }),
      );
    },
  },
  {
    name: 'watches without payments:read over a WebSocket',
    tries: 'paymentSessionUpdated by graphql-ws',
    stage: 'scopes',
    stoppedBy: STOPPED_BY,
    answer: 'FORBIDDEN',
    attack: async (world) =>
      talk(world, [init(await world.bearer(NO_READS)), subscribe({ query: WATCH, variables: id(world) })]),
  },
  {
    name: 'e-mails without payments:send over a WebSocket',
    tries: 'sendPaymentRequest by graphql-ws',
    stage: 'scopes',
    stoppedBy: STOPPED_BY,
    answer: 'FORBIDDEN',
    attack: async (world) => talk(world, [init(await world.bearer(without('payments:send'))), subscribe(aSend())]),
  },
  lacking(
    'hides a field that it may not ask for',
    'reconciliation in fragments of fragments, under an alias, beside a field that is allowed',
    ['payments:read'],
    () => ({
      query: `{ __typename ... { ...A } } fragment A on Query { ...B } fragment B on Query { harmless: reconciliationReport(date: "2026-01-01") { rowCount } }`,
    }),
  ),
  lacking(
    'asks for a field and skips it',
    'reconciliation with @skip by a variable that may change',
    ['payments:read'],
    () => ({
      query:
        'query ($no: Boolean = false) { __typename reconciliationReport(date: "2026-01-01") @include(if: $no) { rowCount } }',
      variables: { no: true },
    }),
  ),
  {
    name: 'spells scopes its own way',
    tries: 'scopes in capitals, with a suffix, with wildcards, joined by commas, as an object',
    stage: 'scopes',
    stoppedBy: 'src/identity: scopes are compared as a whole',
    answer: '403 FORBIDDEN',
    attack: (world) => {
      const claims = [
        'PAYMENTS:SEND',
        'payments:send2',
        'payments:*',
        '*',
        'xpayments:send',
        'payments:send,payments:read',
        'payments :send',
      ];
      return each([...claims, ['payments:'], []], async (scope) => {
        const authorization = await world.around.identity.bearer({ sub: 'mallory', scope });
        return world.ask(aSend(), { headers: { authorization } });
      });
    },
  },
  {
    name: 'puts its scopes where it may write',
    tries: 'scopes in headers, variables and extensions',
    stage: 'scopes',
    stoppedBy: 'the client comes from the token only',
    answer: '403 FORBIDDEN',
    attack: async (world) => {
      const authorization = await world.bearer(['payments:read']);
      const scopes = SCOPES.join(' ');
      const body = {
        ...aSend(),
        extensions: { scope: scopes, scopes: SCOPES, caller: { id: 'shop', scopes: SCOPES } },
      };
      return world.ask(body, {
        headers: { authorization, scope: scopes, 'x-scopes': scopes, 'x-oauth-scopes': scopes },
      });
    },
  },
];
