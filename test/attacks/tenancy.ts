import { createPaymentId } from '../../src/domain/ids.js';
import { newInput } from '../support/payments.js';
import { each } from './attack.js';
import type { Attack } from './attack.js';
import { CANCEL, CREATE, ENTITIES, LIST, READ, WATCH } from './requests.js';
import { init, subscribe, talk } from './sockets.js';
import type { Exchange, World } from './world.js';

const STOPPED_BY = 'every read of the store is by owner';

/**
 * What is answered for the payment of another, which has to be word by word what is answered for one that does not exist.
 */
async function asIfMissing(world: World, ask: (id: string) => Promise<Exchange>): Promise<string> {
  const missing = createPaymentId();
  const [foreign, none] = [await ask(world.victim.id), await ask(missing)];
  const same = neutral(foreign, world.victim.id) === neutral(none, missing);
  return same
    ? `${world.tell(none)}, as if it did not exist`
    : `${world.tell(foreign)} tells it from ${world.tell(none)}`;
}

/** Without what differs between any two answers. */
function neutral({ status, text }: Exchange, id: string): string {
  return `${String(status)} ${text.replaceAll(id, 'ID').replace(/"requestId":"[^"]*"/g, '')}`;
}

const foreign = (
  name: string,
  tries: string,
  answer: string,
  attack: Attack['attack'],
  stoppedBy = STOPPED_BY,
): Attack => ({
  name,
  tries,
  stage: 'tenancy',
  stoppedBy,
  answer,
  attack,
});

const watched = (accept: string) => (world: World) =>
  asIfMissing(world, (id) => world.exchange({ query: WATCH, variables: { id } }, { headers: { accept } }));

/** As somebody who has no payments. */
async function list(world: World, variables: Record<string, unknown>): Promise<string> {
  const authorization = await world.bearer(['payments:read'], 'eve');
  return world.ask({ query: LIST, variables }, { headers: { authorization } });
}

const referenceTo = (id: string): object => ({
  query: ENTITIES,
  variables: { of: [{ __typename: 'PaymentSession', id }] },
});

export const tenancyAttacks: readonly Attack[] = [
  foreign('reads the payment of another by its id', 'paymentSession(id)', '200 null, as if it did not exist', (world) =>
    asIfMissing(world, (id) => world.exchange({ query: READ, variables: { id } })),
  ),
  foreign(
    'guesses ids',
    'ids next to that of another, in other cases, with spaces, NUL, wildcards',
    '200 null',
    (world) => {
      const { id } = world.victim;
      return each(
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
        (guess) => world.ask({ query: READ, variables: { id: guess } }),
      );
    },
  ),
  foreign('reads the payment of another as an entity', '_entities by id', '200 null, as if it did not exist', (world) =>
    asIfMissing(world, (id) => world.exchange(referenceTo(id))),
  ),
  foreign(
    'reads a thousand entities at once',
    'the id of another among a thousand that do not exist',
    '200 null',
    (world) => {
      const ids = [...Array(999).keys()].map(() => createPaymentId());
      const of = [world.victim.id, ...ids].map((id) => ({ __typename: 'PaymentSession', id }));
      return world.ask({ query: ENTITIES, variables: { of } });
    },
  ),
  foreign('lists the payments of all', 'paymentSessions', '200 nothing', (world) => list(world, {})),
  foreign(
    'lists by the reference and the user of another',
    'filters that fit the payment of another only',
    '200 nothing',
    (world) => {
      const { customer, referenceId } = world.victim.input;
      return each(
        [{ referenceId }, { userId: customer.userId }, { deliveryMethod: 'LINK' }, { status: 'INITIATED' }],
        (filter) => list(world, { filter }),
      );
    },
  ),
  foreign(
    'lists from the cursor of another',
    'the endCursor of another client, and cursors with other positions',
    '200 nothing | 200 BAD_USER_INPUT',
    (world) => {
      const place = JSON.parse(Buffer.from(world.victim.cursor, 'base64url').toString()) as unknown[];
      const after = Buffer.from(JSON.stringify([...place.slice(0, -1), '~'])).toString('base64url');
      return each([world.victim.cursor, after], (cursor) => list(world, { after: cursor }));
    },
  ),
  foreign(
    'watches the payment of another by events',
    'paymentSessionUpdated over server-sent events',
    '200 NOT_FOUND, as if it did not exist',
    watched('text/event-stream'),
  ),
  foreign(
    'watches the payment of another in parts',
    'paymentSessionUpdated over multipart',
    '200 NOT_FOUND, as if it did not exist',
    watched('multipart/mixed;subscriptionSpec=1.0'),
  ),
  foreign(
    'watches the payment of another over a WebSocket',
    'paymentSessionUpdated by graphql-ws',
    'NOT_FOUND',
    async (world) => {
      const authorization = world.known('').authorization ?? '';
      return each([world.victim.id, createPaymentId()], (id) =>
        talk(world, [init(authorization), subscribe({ query: WATCH, variables: { id } })]),
      );
    },
  ),
  foreign(
    'has itself called back for the payment of another',
    'paymentSessionUpdated by callback',
    '400 NOT_FOUND, as if it did not exist',
    (world) =>
      asIfMissing(world, (id) => {
        const { callbackUrl, id: subscriptionId, verifier } = world.around.router.open();
        const extensions = { subscription: { callbackUrl, subscriptionId, verifier, heartbeatIntervalMs: 0 } };
        return world.exchange({ query: WATCH, variables: { id }, extensions });
      }),
  ),
  foreign(
    'cancels the payment of another',
    'cancelPaymentSession',
    '200 PaymentNotFoundError, as if it did not exist',
    (world) => asIfMissing(world, (id) => world.exchange({ query: CANCEL, variables: { id } })),
  ),
  {
    ...foreign(
      'uses the idempotency key of another',
      'the same key and input, then the same key with another input: neither replay nor IDEMPOTENCY_KEY_REUSED',
      '200 CreatePaymentSessionSuccess',
      (world) => {
        const { idempotencyKey } = world.victim.input;
        return each([`mallory-${Math.random()}`, `eve-${Math.random()}`], async (sub) => {
          const input = sub.startsWith('eve') ? { ...newInput(), idempotencyKey } : world.victim.input;
          const authorization = await world.around.identity.bearer({ sub });
          return world.ask({ query: CREATE, variables: { input } }, { headers: { authorization } });
        });
      },
      'keys are scoped to their client: it gets a payment of its own',
    ),
    payments: 2,
  },
  foreign(
    'asks the page of another from Flinks’s id',
    'paymentSession and cancel by sessionId and paymentRequestId',
    '200 null PaymentNotFoundError',
    async (world) => {
      const [, sessionId = ''] = world.victim.secrets;
      const read = await world.ask({ query: READ, variables: { id: sessionId } });
      const cancelled = await world.ask({ query: CANCEL, variables: { id: sessionId } });
      return `${read} ${cancelled.replace('200 ', '')}`;
    },
  ),
];
