import { describe, expect, it } from '@jest/globals';
import { EXPECTED_RESULTS } from '../support/faults.js';
import { withSandbox } from '../support/fixture.js';
import { CREATION, findPayment, newInput, pay, paymentIn } from '../support/payments.js';
import type { PaymentInput } from '../support/payments.js';
import type { TestGateway } from '../support/gateway.js';
import { TestPostgres } from '../support/postgres.js';
import { until } from '../support/until.js';

const DAY_MS = 24 * 3_600_000;
const RETENTION = { IDEMPOTENCY_RETENTION: '2d', PERSONAL_DATA_RETENTION: '5d' };

const postgres = new TestPostgres();
const environment = () => ({ DATABASE_URL: postgres.databaseUrl(), ...RETENTION });
const { sandbox, start } = withSandbox({ services: [postgres] });

/** Makes a payment that fails; returns its input and id. */
async function createFailed(gateway: TestGateway, status: 422 | 403): Promise<{ input: PaymentInput; id: string }> {
  const input = newInput();
  await sandbox.addFault({ endpoint: 'initiate', kind: 'status', status });
  expect(await pay(gateway, CREATION, input)).toMatchObject(
    status === 422 ? EXPECTED_RESULTS.rejected : EXPECTED_RESULTS.misconfigured,
  );
  const rows = await postgres.query<{ id: string }>('select id from payment_sessions order by id desc limit 1');
  return { input, id: rows[0]?.id ?? '' };
}

/** Moves the end of a payment and of its key into the past. */
async function age(id: string, days: number): Promise<void> {
  const past = days * DAY_MS;
  await postgres.query(
    `update idempotency_keys set closed_at = closed_at - ${past} where payment_session_id = '${id}';
     update payment_sessions set final_at = final_at - ${past} where id = '${id}'`,
  );
}

async function hasKey(id: string): Promise<boolean> {
  const rows = await postgres.query(`select 1 from idempotency_keys where payment_session_id = '${id}'`);
  return rows.length > 0;
}

describe('the retention of payments and idempotency keys', () => {
  it('removes keys, personal data and released payments, each after its own time', async () => {
    const before = await start(environment());
    const rejected = {
      young: await createFailed(before, 422),
      old: await createFailed(before, 422),
      oldest: await createFailed(before, 422),
    };
    const released = { young: await createFailed(before, 403), old: await createFailed(before, 403) };
    const open = paymentIn(await pay(before, CREATION, newInput()));
    await before.stop();
    await age(rejected.young.id, 1);
    await age(rejected.old.id, 3);
    await age(rejected.oldest.id, 6);
    await age(released.young.id, 0.5);
    await age(released.old.id, 1.5);
    await age(open.id, 100);

    const after = await start(environment());
    const nameOf = async (id: string) => (await findPayment(after, id))?.customer.name;
    await until(async () => !(await hasKey(rejected.oldest.id)) && !(await hasKey(released.old.id)));
    await until(async () => (await nameOf(rejected.oldest.id)) === null);
    expect(await findPayment(after, released.old.id)).toBeNull();
    expect(await findPayment(after, released.young.id)).toMatchObject({ status: 'CREATING' });
    expect(await Promise.all([rejected.young, rejected.old].map(({ id }) => nameOf(id)))).toEqual(
      [rejected.young, rejected.old].map(({ input }) => input.customer.name),
    );
    expect(await hasKey(rejected.old.id)).toBe(false);
    expect(await Promise.all([rejected.young.id, released.young.id, open.id].map(hasKey))).toEqual([true, true, true]);

    // A key that is kept returns its payment. A removed key makes another one.
    expect(await pay(after, CREATION, rejected.young.input)).toMatchObject(EXPECTED_RESULTS.rejected);
    const again = await pay(after, CREATION, rejected.old.input);
    expect(again).toMatchObject({ __typename: CREATION.success, replayed: false });
    expect(paymentIn(again).id).not.toBe(rejected.old.id);
  });
});
