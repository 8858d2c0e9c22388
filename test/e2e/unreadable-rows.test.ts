import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { withGateway } from '../support/fixture.js';
import type { GraphQLResponse } from '../support/gateway.js';
import { CREATION, newInput, pay, paymentIn } from '../support/payments.js';
import { TestPostgres } from '../support/postgres.js';
import { SqliteFile } from '../support/sqlite-file.js';

type Data = Record<string, unknown>;
interface CreatedPayment {
  readonly id: string;
  readonly session: string;
}
type Errors = GraphQLResponse<unknown>['errors'];

const FIELDS =
  'id status providerStatusDetails statusCheckedAt flinksSessionId paymentUrl clientUrls customer { userId name email } events { status }';
const URL = 'https://shop.example/pay';

const postgres = new TestPostgres();
const file = new SqliteFile();
/** Every status is always stale, but no scheduled lookup runs during a test. */
const ALWAYS_STALE = { STATUS_STALE_AFTER: '1ms' };
const { sandbox, gateway, start } = withGateway({
  switches: { settleAfterMs: 0 },
  services: [postgres, file],
  environment: () => ({ DATABASE_URL: postgres.databaseUrl(), ...ALWAYS_STALE }),
});
/** The user of the payments of a test. */
let userId: string;
/** Newest first, as the API lists them. */
let payments: [CreatedPayment, CreatedPayment, CreatedPayment];

beforeEach(() => createPayments());

async function createPayments(at = gateway): Promise<void> {
  userId = randomUUID();
  const createPayment = async (): Promise<CreatedPayment> => {
    const input = newInput();
    const customer = { ...input.customer, userId };
    const payment = paymentIn(await pay(at, CREATION, { ...input, customer, clientUrls: [URL] }));
    return { id: payment.id, session: payment.flinksSessionId ?? '' };
  };
  const [oldest, middle, newest] = [await createPayment(), await createPayment(), await createPayment()];
  payments = [newest, middle, oldest];
}

const listPayments = (at = gateway): Promise<GraphQLResponse<Data>> =>
  at.post({ query: `{ paymentSessions(filter: { userId: "${userId}" }) { edges { node { ${FIELDS} } } } }` });

const settle = (details?: string) =>
  Promise.all(payments.map(({ session }) => sandbox.moveTo(session, 'Settled', details)));

const nodesIn = ({ data }: GraphQLResponse<Data>): unknown[] =>
  (data as { paymentSessions: { edges: { node: unknown }[] } }).paymentSessions.edges.map(({ node }) => node);

const pathsOf = (errors: Errors): string[] =>
  (errors ?? []).map((error) => (error as unknown as { path: unknown[] }).path.join('.')).sort();

const corrupt = (change: string, { id }: { id: string }) =>
  postgres.query(`update payment_sessions set ${change} where id = '${id}'`);

describe('status details of Flinks with characters that a database rejects', () => {
  const DETAILS = 'OK\u0000\u001b[2J \u202eNSF\ud83d\u200b\u2028';

  it.each(['PostgreSQL', 'SQLite'])(
    'are stored in %s without those characters, together with their status',
    async (store) => {
      const used = store === 'SQLite' ? await start({ DATABASE_URL: file.url, ...ALWAYS_STALE }) : gateway;
      await createPayments(used);
      await settle(DETAILS);
      const response = await listPayments(used);
      expect(response.errors).toBeUndefined();
      expect(nodesIn(response)).toMatchObject(
        payments.map(({ id }) => ({ id, status: 'SETTLED', providerStatusDetails: 'OK[2J NSF' })),
      );
      expect(await listPayments(used)).toMatchObject({ data: response.data });
    },
  );

  it('are null when no character remains', async () => {
    await settle('\u0000\u200b');
    expect(nodesIn(await listPayments())).toMatchObject(
      payments.map(({ id }) => ({ id, status: 'SETTLED', providerStatusDetails: null })),
    );
  });
});

describe('a payment whose status update cannot be stored', () => {
  it('is returned as stored, beside the current status of other payments', async () => {
    const [, bad] = payments;
    await postgres.query(
      `create function refuse() returns trigger language plpgsql as $$ begin raise 'not this one'; end $$;
       create trigger refuse before update on payment_sessions for each row when (old.id = '${bad.id}')
       execute function refuse();`,
    );
    await settle();
    const response = await listPayments();
    expect(response.errors).toBeUndefined();
    expect(nodesIn(response)).toMatchObject(
      payments.map(({ id }) =>
        id === bad.id
          ? {
              id,
              status: 'INITIATED',
              events: [{ status: 'CREATING' }, { status: 'INITIATED' }],
            }
          : { id, status: 'SETTLED', statusCheckedAt: expect.any(String) },
      ),
    );
    const alone = await gateway.post({ query: `{ paymentSession(id: "${bad.id}") { status } }` });
    expect(alone).toMatchObject({ data: { paymentSession: { status: 'INITIATED' } } });
  });
});

describe('a payment with unreadable data', () => {
  const UNSEALED = `customer_name = 'lost.' || customer_name, customer_email = overlay(customer_email placing 'AAAA' from 40),
    session_id = 'not even base64'`;

  it('is returned with an error for each unreadable field, and its status is still updated', async () => {
    const [good, bad, other] = payments;
    await corrupt(UNSEALED, bad);
    await settle('Name mismatch of somebody');
    const response = await listPayments();
    const edge = 'paymentSessions.edges.1.node';
    expect(pathsOf(response.errors)).toEqual(
      [`${edge}.customer.email`, `${edge}.customer.name`, `${edge}.paymentUrl`, `${edge}.flinksSessionId`].sort(),
    );
    const whole = {
      flinksSessionId: expect.any(String),
      paymentUrl: expect.any(String),
      clientUrls: [URL],
      status: 'SETTLED',
    };
    expect(nodesIn(response)).toMatchObject([
      { id: good.id, ...whole, providerStatusDetails: 'Name mismatch of somebody' },
      // No details: the gateway cannot remove a payer's name that it cannot read.
      {
        id: bad.id,
        ...whole,
        flinksSessionId: null,
        paymentUrl: null,
        customer: { name: null, email: null },
        providerStatusDetails: null,
      },
      { id: other.id, ...whole, customer: { name: expect.any(String), email: expect.any(String) } },
    ]);
    expect(JSON.stringify(response.errors)).not.toContain('DATA_ENCRYPTION_KEYS');
    await gateway.logged('DATA_ENCRYPTION_KEYS lacks its key');
  });

  it('does not affect the other payments of its list, whichever field is unreadable', async () => {
    const [good, bad, other] = payments;
    await corrupt(`client_urls = '["https://a.example'`, bad);
    const response = await listPayments();
    expect(nodesIn(response)).toMatchObject([{ id: good.id, clientUrls: [URL] }, null, { id: other.id }] as object[]);
    expect(pathsOf(response.errors)).toEqual(['paymentSessions.edges.1.node.clientUrls']);
  });

  it('is null with an error, as an entity and on its own', async () => {
    const [good, bad] = payments;
    await corrupt(`client_urls = '["https://a.example'`, bad);
    const query = `query ($of: [_Any!]!) { _entities(representations: $of) { ... on PaymentSession { id clientUrls } } }`;
    const representations = [bad, good].map(({ id }) => ({ __typename: 'PaymentSession', id }));
    const response = await gateway.post({ query, variables: { of: representations } });
    expect(response.data).toEqual({ _entities: [null, { id: good.id, clientUrls: [URL] }] });
    expect(pathsOf(response.errors)).toEqual(['_entities.0.clientUrls']);
    const alone = await gateway.post({ query: `{ paymentSession(id: "${bad.id}") { id clientUrls } }` });
    expect(alone.data).toEqual({ paymentSession: null });
    expect(pathsOf(alone.errors)).toEqual(['paymentSession.clientUrls']);
    const without = await gateway.post({ query: `{ paymentSession(id: "${bad.id}") { id status } }` });
    expect(without).toMatchObject({ data: { paymentSession: { id: bad.id } } });
    expect(without.errors).toBeUndefined();
  });

  it('is neither cancelled nor marked as cancelled', async () => {
    const [, bad] = payments;
    await corrupt(UNSEALED, bad);
    const query = `mutation { cancelPaymentSession(input: { id: "${bad.id}" }) { __typename } }`;
    const response = await gateway.post({ query });
    expect(pathsOf(response.errors)).toEqual(['cancelPaymentSession']);
    expect(await postgres.query(`select status, session_id from payment_sessions where id = '${bad.id}'`)).toEqual([
      { status: 'INITIATED', session_id: 'not even base64' },
    ]);
  });
});
