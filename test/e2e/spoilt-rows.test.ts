import { beforeEach, describe, expect, it } from '@jest/globals';
import { withSandbox, withService } from '../support/fixture.js';
import type { GraphQLAnswer, TestGateway } from '../support/gateway.js';
import { CREATION, newInput, pay, paymentIn } from '../support/payments.js';
import { TestPostgres } from '../support/postgres.js';
import { SqliteFile } from '../support/sqlite-file.js';

type Data = Record<string, unknown>;
interface Made {
  readonly id: string;
  readonly session: string;
}
type Errors = GraphQLAnswer<unknown>['errors'];

const FIELDS =
  'id status providerStatusDetails statusCheckedAt flinksSessionId paymentUrl clientUrls customer { userId name email } events { status }';
const LIST = `{ paymentSessions { edges { node { ${FIELDS} } } } }`;
const URL = 'https://shop.example/pay';

const postgres = withService(new TestPostgres());
const file = new SqliteFile();
const { sandbox, start } = withSandbox({ switches: { settleAfterMs: 0 }, services: [file], per: 'test' });
let gateway: TestGateway;
let database: string;
/** Newest first, as they are listed. */
let payments: [Made, Made, Made];

beforeEach(async () => {
  database = await postgres.createDatabase();
  await begin(postgres.databaseUrl(database));
});

/** Three payments of a gateway to which every status is old, and that does not ask of its own accord in the time of a test. */
async function begin(url: string): Promise<void> {
  gateway = await start({ DATABASE_URL: url, STATUS_STALE_AFTER: '1ms' });
  const make = async (): Promise<Made> => {
    const { id, flinksSessionId: sessionId } = paymentIn(
      await pay(gateway, CREATION, { ...newInput(), clientUrls: [URL] }),
    );
    return { id, session: sessionId ?? '' };
  };
  const [oldest, middle, newest] = [await make(), await make(), await make()];
  payments = [newest, middle, oldest];
}

const settle = (details?: string) =>
  Promise.all(payments.map(({ session }) => sandbox.moveTo(session, 'Settled', details)));

const nodesIn = ({ data }: GraphQLAnswer<Data>): unknown[] =>
  (data as { paymentSessions: { edges: { node: unknown }[] } }).paymentSessions.edges.map(({ node }) => node);

const placesOf = (errors: Errors): string[] =>
  (errors ?? []).map((error) => (error as unknown as { path: unknown[] }).path.join('.')).sort();

const spoil = (change: string, { id }: { id: string }) =>
  postgres.query(`update payment_sessions set ${change} where id = '${id}'`, database);

describe('words of Flinks that no store takes', () => {
  const WORDS = 'OK\u0000\u001b[2J \u202eNSF\ud83d\u200b\u2028';

  it.each(['PostgreSQL', 'SQLite'])('are stored clean in %s, with the status that they came with', async (store) => {
    if (store === 'SQLite') await begin(file.url);
    await settle(WORDS);
    const answer = await gateway.post({ query: LIST });
    expect(answer.errors).toBeUndefined();
    expect(nodesIn(answer)).toMatchObject(
      payments.map(({ id }) => ({ id, status: 'SETTLED', providerStatusDetails: 'OK[2J NSF' })),
    );
    expect(await gateway.post({ query: LIST })).toMatchObject({ data: answer.data });
  });

  it('are no words where nothing is left of them', async () => {
    await settle('\u0000\u200b');
    expect(nodesIn(await gateway.post({ query: LIST }))).toMatchObject(
      payments.map(({ id }) => ({ id, status: 'SETTLED', providerStatusDetails: null })),
    );
  });
});

describe('one payment whose news cannot be stored', () => {
  it('is told as it is stored, and the others as they are', async () => {
    const [, bad] = payments;
    await postgres.query(
      `create function refuse() returns trigger language plpgsql as $$ begin raise 'not this one'; end $$;
       create trigger refuse before update on payment_sessions for each row when (old.id = '${bad.id}')
       execute function refuse();`,
      database,
    );
    await settle();
    const answer = await gateway.post({ query: LIST });
    expect(answer.errors).toBeUndefined();
    expect(nodesIn(answer)).toMatchObject(
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

describe('one payment that cannot be read', () => {
  const UNSEALED = `customer_name = 'lost.' || customer_name, customer_email = overlay(customer_email placing 'AAAA' from 40),
    session_id = 'not even base64'`;

  it('is told with errors at what is missing, and goes on', async () => {
    const [good, bad, other] = payments;
    await spoil(UNSEALED, bad);
    await settle('Name mismatch of somebody');
    const answer = await gateway.post({ query: LIST });
    const edge = 'paymentSessions.edges.1.node';
    expect(placesOf(answer.errors)).toEqual(
      [`${edge}.customer.email`, `${edge}.customer.name`, `${edge}.paymentUrl`, `${edge}.flinksSessionId`].sort(),
    );
    const whole = {
      flinksSessionId: expect.any(String),
      paymentUrl: expect.any(String),
      clientUrls: [URL],
      status: 'SETTLED',
    };
    expect(nodesIn(answer)).toMatchObject([
      { id: good.id, ...whole, providerStatusDetails: 'Name mismatch of somebody' },
      // Whose name cannot be taken out of the words.
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
    expect(JSON.stringify(answer.errors)).not.toContain('DATA_ENCRYPTION_KEYS');
    await gateway.logged('DATA_ENCRYPTION_KEYS lacks its key');
  });

  it('leaves the others of its list, whatever of it was asked for', async () => {
    const [good, bad, other] = payments;
    await spoil(`client_urls = '["https://a.example'`, bad);
    const answer = await gateway.post({ query: LIST });
    expect(nodesIn(answer)).toMatchObject([{ id: good.id, clientUrls: [URL] }, null, { id: other.id }] as object[]);
    expect(placesOf(answer.errors)).toEqual(['paymentSessions.edges.1.node.clientUrls']);
  });

  it('is an error as an entity, and no null alone', async () => {
    const [good, bad] = payments;
    await spoil(`client_urls = '["https://a.example'`, bad);
    const query = `query ($of: [_Any!]!) { _entities(representations: $of) { ... on PaymentSession { id clientUrls } } }`;
    const of = [bad, good].map(({ id }) => ({ __typename: 'PaymentSession', id }));
    const answer = await gateway.post({ query, variables: { of } });
    expect(answer.data).toEqual({ _entities: [null, { id: good.id, clientUrls: [URL] }] });
    expect(placesOf(answer.errors)).toEqual(['_entities.0.clientUrls']);
    const alone = await gateway.post({ query: `{ paymentSession(id: "${bad.id}") { id clientUrls } }` });
    expect(alone.data).toEqual({ paymentSession: null });
    expect(placesOf(alone.errors)).toEqual(['paymentSession.clientUrls']);
    const without = await gateway.post({ query: `{ paymentSession(id: "${bad.id}") { id status } }` });
    expect(without).toMatchObject({ data: { paymentSession: { id: bad.id } } });
    expect(without.errors).toBeUndefined();
  });

  it('is not cancelled, and not called over', async () => {
    const [, bad] = payments;
    await spoil(UNSEALED, bad);
    const query = `mutation { cancelPaymentSession(input: { id: "${bad.id}" }) { __typename } }`;
    const answer = await gateway.post({ query });
    expect(placesOf(answer.errors)).toEqual(['cancelPaymentSession']);
    expect(
      await postgres.query(`select status, session_id from payment_sessions where id = '${bad.id}'`, database),
    ).toEqual([{ status: 'INITIATED', session_id: 'not even base64' }]);
  });
});
