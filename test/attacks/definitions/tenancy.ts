import { createPaymentId } from '../../../src/domain/ids.js';
import { newInput } from '../../support/payments.js';
import { sendEach } from '../attack.js';
import type { Attack } from '../attack.js';
import type { Attacker, RawResponse } from '../attacker.js';
import {
  CANCEL_PAYMENT,
  CREATE_PAYMENT,
  LIST_PAYMENTS,
  READ_PAYMENT,
  RESOLVE_ENTITIES,
  WATCH_PAYMENT,
  callbackSubscription,
  indexes,
} from '../requests.js';
import { connectionInit, sendMessages, subscribe } from '../web-sockets.js';

/** Summarizes the response for the victim's payment, which must not differ from that for a payment that does not exist. */
async function comparedWithMissing(attacker: Attacker, request: (id: string) => Promise<RawResponse>): Promise<string> {
  const missingId = createPaymentId();
  const [foreign, missing] = [await request(attacker.victim.id), await request(missingId)];
  return comparable(foreign, attacker.victim.id) === comparable(missing, missingId)
    ? `${attacker.summarize(missing)}, as for a missing payment`
    : `${attacker.summarize(foreign)} instead of ${attacker.summarize(missing)}`;
}

/** A response without its request id and payment id, which always differ. */
function comparable({ status, text }: RawResponse, id: string): string {
  return `${String(status)} ${text.replaceAll(id, 'ID').replace(/"requestId":"[^"]*"/g, '')}`;
}

function foreign(name: string, details: string, response: string, run: Attack['run']): Attack {
  return {
    name,
    details,
    stage: 'tenancy',
    stoppedBy: 'The store reads only payments of the client that asks',
    response,
    run,
  };
}

const watchOver =
  (accept: string) =>
  (attacker: Attacker): Promise<string> =>
    comparedWithMissing(attacker, (id) =>
      attacker.request({ query: WATCH_PAYMENT, variables: { id } }, { headers: { accept } }),
    );

/** Lists payments as a client that has none. */
async function list(attacker: Attacker, variables: Record<string, unknown>): Promise<string> {
  const authorization = await attacker.bearer(['payments:read'], 'eve');
  return attacker.send({ query: LIST_PAYMENTS, variables }, { headers: { authorization } });
}

const entities = (ids: readonly string[]): object => ({
  query: RESOLVE_ENTITIES,
  variables: { of: ids.map((id) => ({ __typename: 'PaymentSession', id })) },
});

/** Requests for payments of another client. */
export const tenancyAttacks: readonly Attack[] = [
  foreign(
    'reads another client’s payment by its id',
    'paymentSession with the id of the payment.',
    '200 null, as for a missing payment',
    (attacker) => comparedWithMissing(attacker, (id) => attacker.request({ query: READ_PAYMENT, variables: { id } })),
  ),
  foreign(
    'guesses the ids of payments',
    'The id of another client’s payment in upper case, shortened, with spaces or NUL; wildcards; SQL; a path.',
    '200 null',
    (attacker) => {
      const { id } = attacker.victim;
      return sendEach(
        [
          id.toUpperCase(),
          ` ${id}`,
          `${id} `,
          `${id}\0`,
          '%',
          '*',
          `${id.slice(0, -1)}_`,
          "' OR ''='",
          '../',
          '\ud800',
        ],
        (guess) => attacker.send({ query: READ_PAYMENT, variables: { id: guess } }),
      );
    },
  ),
  foreign(
    'reads another client’s payment as an entity',
    '_entities with the id of the payment.',
    '200 null, as for a missing payment',
    (attacker) => comparedWithMissing(attacker, (id) => attacker.request(entities([id]))),
  ),
  foreign(
    'hides another client’s payment among a thousand entities',
    '_entities with the id of the payment and 999 ids that do not exist.',
    '200 null',
    (attacker) => attacker.send(entities([attacker.victim.id, ...indexes(999).map(() => createPaymentId())])),
  ),
  foreign('lists the payments of all clients', 'paymentSessions without a filter.', '200 empty list', (attacker) =>
    list(attacker, {}),
  ),
  foreign(
    'filters for another client’s payments',
    'paymentSessions with the reference, the user id, the delivery method or the status of the payment.',
    '200 empty list',
    (attacker) => {
      const { customer, referenceId } = attacker.victim.input;
      return sendEach(
        [{ referenceId }, { userId: customer.userId }, { deliveryMethod: 'LINK' }, { status: 'INITIATED' }],
        (filter) => list(attacker, { filter }),
      );
    },
  ),
  foreign(
    'lists payments from another client’s cursor',
    'paymentSessions after another client’s endCursor, and after a changed one.',
    '200 empty list | 200 BAD_USER_INPUT',
    (attacker) => {
      const { cursor } = attacker.victim;
      const position = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as unknown[];
      const changed = Buffer.from(JSON.stringify([...position.slice(0, -1), '~'])).toString('base64url');
      return sendEach([cursor, changed], (after) => list(attacker, { after }));
    },
  ),
  foreign(
    'watches another client’s payment by server-sent events',
    'paymentSessionUpdated with accept: text/event-stream.',
    '200 NOT_FOUND, as for a missing payment',
    watchOver('text/event-stream'),
  ),
  foreign(
    'watches another client’s payment by a multipart response',
    'paymentSessionUpdated with accept: multipart/mixed.',
    '200 NOT_FOUND, as for a missing payment',
    watchOver('multipart/mixed;subscriptionSpec=1.0'),
  ),
  foreign(
    'watches another client’s payment over a WebSocket',
    'paymentSessionUpdated, by the protocol graphql-transport-ws.',
    'NOT_FOUND',
    (attacker) =>
      sendEach([attacker.victim.id, createPaymentId()], (id) =>
        sendMessages(attacker, [
          connectionInit(attacker.credentials.authorization ?? ''),
          subscribe({ query: WATCH_PAYMENT, variables: { id } }),
        ]),
      ),
  ),
  foreign(
    'watches another client’s payment by HTTP callback',
    'paymentSessionUpdated with a callback URL.',
    '400 NOT_FOUND, as for a missing payment',
    (attacker) =>
      comparedWithMissing(attacker, (id) => {
        const { callbackUrl, id: subscriptionId, verifier } = attacker.fixtures.router.open();
        const subscription = { callbackUrl, subscriptionId, verifier, heartbeatIntervalMs: 0 };
        return attacker.request(callbackSubscription(id, subscription));
      }),
  ),
  foreign(
    'cancels another client’s payment',
    'cancelPaymentSession with the id of the payment.',
    '200 PaymentNotFoundError, as for a missing payment',
    (attacker) => comparedWithMissing(attacker, (id) => attacker.request({ query: CANCEL_PAYMENT, variables: { id } })),
  ),
  {
    ...foreign(
      'uses another client’s idempotency key',
      'createPaymentSession with the same key and input, and with the same key and other input.',
      '200 CreatePaymentSessionSuccess',
      (attacker) => {
        const { input } = attacker.victim;
        const calls = [
          { sub: `mallory-${Math.random()}`, input },
          { sub: `eve-${Math.random()}`, input: { ...newInput(), idempotencyKey: input.idempotencyKey } },
        ];
        return sendEach(calls, async ({ sub, input }) => {
          const authorization = await attacker.fixtures.identityProvider.bearer({ sub });
          return attacker.send({ query: CREATE_PAYMENT, variables: { input } }, { headers: { authorization } });
        });
      },
    ),
    stoppedBy:
      'Keys belong to clients: the attacker gets payments of its own, and no error that discloses the other payment',
    payments: 2,
  },
  foreign(
    'uses the Flinks session id of another client’s payment',
    'paymentSession and cancelPaymentSession with the id at Flinks.',
    '200 null PaymentNotFoundError',
    async (attacker) => {
      const [, sessionId = ''] = attacker.victim.secrets;
      const read = await attacker.send({ query: READ_PAYMENT, variables: { id: sessionId } });
      const cancelled = await attacker.send({ query: CANCEL_PAYMENT, variables: { id: sessionId } });
      return `${read} ${cancelled.replace('200 ', '')}`;
    },
  ),
];
