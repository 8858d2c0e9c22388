import { describe, expect, it } from '@jest/globals';
import { EXPECTED_RESULTS } from '../support/faults.js';
import { withGateway } from '../support/fixture.js';
import { EACH_OPERATION, CREATION, SEND, newInput, pay, paymentIn, statusesOf } from '../support/payments.js';
import { ProxiedPostgres } from '../support/proxied-postgres.js';
import { until } from '../support/until.js';
import { secretsIn } from '../support/secrets.js';

const postgres = new ProxiedPostgres();
const { sandbox, gateway, start, output } = withGateway({
  services: [postgres],
  environment: () => ({ DATABASE_URL: postgres.url }),
});

/** Loses the acknowledgement of the nth of the next writes of a payment: a claim, or a single statement. */
function loseAcknowledgement(nth: number): Promise<void> {
  let count = 0;
  let acknowledgement: string | undefined;
  const claimingClients = new Set<object>();
  return postgres.proxy.loseResponse(
    (request, client) => {
      acknowledgement = acknowledgementOf(request, client, claimingClients);
      return acknowledgement !== undefined && (count += 1) === nth;
    },
    (response) => response.includes(acknowledgement ?? ''),
  );
}

/** How the server acknowledges a request that writes. Prepared statements are recognized by their names. */
function acknowledgementOf(request: Buffer, client: object, claimingClients: Set<object>): string | undefined {
  if (request.includes('lock_client')) claimingClients.add(client);
  if (!claimingClients.has(client)) return /write_\d/.test(request.toString('latin1')) ? 'SELECT' : undefined;
  // The terminating zero byte excludes the statement with `read committed`.
  if (!request.includes('commit\0')) return undefined;
  claimingClients.delete(client);
  return 'COMMIT';
}

async function stateOf(id: string): Promise<string | undefined> {
  const rows = await postgres.query<{ state: string }>(
    `select state from idempotency_keys where payment_session_id = '${id}'`,
  );
  return rows[0]?.state;
}

/** The id of the newest payment, once its key is released. */
async function releasedPayment(): Promise<string> {
  const rows = await postgres.query<{ id: string }>('select id from payment_sessions order by id desc limit 1');
  const id = rows[0]?.id ?? '';
  await until(async () => (await stateOf(id)) === 'RELEASED');
  return id;
}

describe('a lost database acknowledgement', () => {
  it('of the send marker prevents the send, and a repeat sends', async () => {
    const input = newInput();
    const lost = loseAcknowledgement(2);
    expect(await pay(gateway, SEND, input)).toEqual(EXPECTED_RESULTS.storeUnavailable);
    await lost;
    expect(await sandbox.calls('sendrequest')).toBe(0);
    const id = await releasedPayment();
    const repeat = await pay(gateway, SEND, input);
    expect(repeat).toMatchObject({ __typename: SEND.success, replayed: false, paymentSession: { id } });
    expect(await sandbox.mailsTo(input.customer)).toBe(1);
  });

  it('of the outcome of a creation withholds the session, and a repeat returns it', async () => {
    const input = newInput();
    const lost = loseAcknowledgement(2);
    expect(await pay(gateway, CREATION, input)).toEqual(EXPECTED_RESULTS.storeUnavailable);
    await lost;
    const repeat = await pay(gateway, CREATION, input);
    expect(repeat).toMatchObject({ __typename: CREATION.success, replayed: true });
    const sessions = await sandbox.sessionsOf(input.customer);
    expect(sessions.map(({ sessionId }) => sessionId)).toEqual([paymentIn(repeat).flinksSessionId]);
    expect(await postgres.query('select * from abandoned_attempts')).toEqual([]);
  });

  it('of the outcome of a send makes it unknown to the client, and a repeat returns it', async () => {
    const input = newInput();
    const lost = loseAcknowledgement(3);
    const first = await pay(gateway, SEND, input);
    await lost;
    expect(first).toMatchObject({ code: 'OUTCOME_UNKNOWN', paymentSession: { status: 'OUTCOME_UNKNOWN' } });
    const repeat = await pay(gateway, SEND, input);
    expect(repeat).toMatchObject({ __typename: SEND.success, replayed: true });
    expect(paymentIn(repeat).id).toBe(paymentIn(first).id);
    expect(await statusesOf(gateway, paymentIn(repeat))).toEqual(['CREATING', 'INITIATED']);
    expect(await sandbox.mailsTo(input.customer)).toBe(1);
  });

  it.each(EACH_OPERATION)(
    'of a claim for %s causes no call to Flinks, and a repeat starts at once',
    async (_name, operation) => {
      const input = newInput();
      const { calls } = (await sandbox.journal()).counts;
      const lost = loseAcknowledgement(1);
      expect(await pay(gateway, operation, input)).toEqual(EXPECTED_RESULTS.storeUnavailable);
      await lost;
      const id = await releasedPayment();
      expect((await sandbox.journal()).counts.calls).toEqual(calls);
      const repeat = await pay(gateway, operation, input);
      expect(repeat).toMatchObject({ __typename: operation.success, replayed: false, paymentSession: { id } });
      expect(await sandbox.sessionsOf(input.customer)).toHaveLength(1);
    },
  );

  it.each(EACH_OPERATION)(
    'of a claim for %s under a rate limit causes no session, and the repeat counts once',
    async (_, operation) => {
      const limits = { RATE_LIMIT_PAYMENTS_PER_CLIENT: '1/1h', RATE_LIMIT_EMAILS_PER_PAYER: '1/1h' };
      const database = await postgres.server.createDatabase();
      const url = postgres.server.databaseUrl(database, postgres.proxy.port);
      const limiting = await start({ DATABASE_URL: url, ...limits });
      const input = newInput();
      const lost = loseAcknowledgement(1);
      expect(await pay(limiting, operation, input)).toEqual(EXPECTED_RESULTS.storeUnavailable);
      await lost;
      const states = () => postgres.server.query('select state from idempotency_keys', database);
      await until(async () => JSON.stringify(await states()) === '[{"state":"RELEASED"}]');
      expect(await sandbox.sessionsOf(input.customer)).toEqual([]);
      expect(await pay(limiting, operation, input)).toMatchObject({ __typename: operation.success, replayed: false });
      expect(await pay(limiting, operation, newInput())).toMatchObject({ code: 'RATE_LIMITED' });
      expect(await sandbox.sessionsOf(input.customer)).toHaveLength(1);
    },
  );

  it('of a claim for a further attempt prevents the send, and a repeat sends', async () => {
    const input = newInput();
    const lost = loseAcknowledgement(1);
    await pay(gateway, SEND, input);
    await lost;
    const id = await releasedPayment();
    const again = loseAcknowledgement(2);
    expect(await pay(gateway, SEND, input)).toEqual(EXPECTED_RESULTS.storeUnavailable);
    await again;
    await until(async () => (await stateOf(id)) === 'RELEASED');
    expect(await sandbox.mailsTo(input.customer)).toBe(0);
    expect(await pay(gateway, SEND, input)).toMatchObject({ __typename: SEND.success, replayed: false });
    expect(await sandbox.mailsTo(input.customer)).toBe(1);
  });

  it('leaves no secret in the log', async () => {
    expect(output()).toContain('database unavailable');
    expect(await secretsIn(output(), sandbox)).toEqual([]);
  });
});
