import { describe, expect, it } from '@jest/globals';
import { withSandbox } from '../support/fixture.js';
import type { TestGateway } from '../support/gateway.js';
import { CREATION, SEND, find, newInput, pay, payPersistently, paymentIn } from '../support/payments.js';
import type { Answer, Operation, PaymentInput } from '../support/payments.js';
import { TestPostgres } from '../support/postgres.js';
import { until } from '../support/until.js';

const CLIENTS = 12;
const PAYMENTS_EACH = 6;
const READY_WITHIN_MS = 5_000;

interface Acknowledged {
  readonly operation: Operation;
  readonly input: PaymentInput;
  readonly answer: Answer;
}

// A claim that was written and not acknowledged is nobody's until its lease ends.
const LEASES = { MUTATION_TIMEOUT: '5s', IDEMPOTENCY_LEASE: '6s' };

const postgres = new TestPostgres();
const { sandbox, addGateway } = withSandbox({ switches: { latencyMs: 50 }, services: [postgres] });
const environment = () => ({ DATABASE_URL: postgres.databaseUrl(), ...LEASES });
const replicas = [addGateway(environment), addGateway(environment)] as const;
const acknowledged: Acknowledged[] = [];

/** One payment after another, each repeated until it is answered. */
async function client(number: number): Promise<void> {
  const operation = number % 2 === 0 ? CREATION : SEND;
  for (let made = 0; made < PAYMENTS_EACH; made += 1) {
    const input = newInput();
    acknowledged.push({ operation, input, answer: await payPersistently(replicas, operation, input) });
  }
}

async function allReady(ready: boolean): Promise<void> {
  const isSo = async (replica: TestGateway) => ((await replica.get('/health/ready')).status === 200) === ready;
  await Promise.all(replicas.map((replica) => until(() => isSo(replica))));
}

/** What the crash may have left open is found out without anybody’s help. */
async function settled({ answer }: Acknowledged, replica: TestGateway): Promise<void> {
  await until(async () => (await find(replica, answer.paymentSession?.id))?.status === 'INITIATED');
}

describe('PostgreSQL that is killed under load', () => {
  it('is missed, and used again within seconds of its return', async () => {
    const clients = Promise.all(Array.from({ length: CLIENTS }, (_, number) => client(number)));
    await until(() => acknowledged.length >= CLIENTS);
    await postgres.kill();
    await allReady(false);
    await postgres.restart();
    const returnedMs = performance.now();
    await allReady(true);
    expect(performance.now() - returnedMs).toBeLessThan(READY_WITHIN_MS);
    await clients;
    expect(acknowledged).toHaveLength(CLIENTS * PAYMENTS_EACH);
  });

  it('loses nothing that was acknowledged', async () => {
    const [replica] = replicas;
    await Promise.all(acknowledged.map((payment) => settled(payment, replica)));
    for (const { operation, input, answer } of acknowledged) {
      expect([operation.success, 'PaymentOutcomeUnknownError']).toContain(answer.__typename);
      const repeat = await pay(replica, operation, input);
      expect(repeat).toMatchObject({ __typename: operation.success, replayed: true });
      const { id, referenceId, flinksSessionId } = paymentIn(answer);
      expect(paymentIn(repeat)).toMatchObject({
        id,
        referenceId,
        ...(flinksSessionId === null ? {} : { flinksSessionId }),
      });
    }
  });

  it('causes no second e-mail, and no session that is handed out and forgotten', async () => {
    const sends = acknowledged.filter(({ operation }) => operation === SEND);
    const mails = (await sandbox.outbox()).map(({ to }) => to).sort();
    expect(mails).toEqual(sends.map(({ input }) => input.customer.email).sort());
    const rows = await postgres.query<{ count: number }>('select count(*)::int from payment_sessions');
    expect(rows).toEqual([{ count: acknowledged.length }]);
    // What was made and not handed out is noted.
    const abandoned = await postgres.query<{ count: number }>('select count(*)::int from abandoned_attempts');
    const made = (await sandbox.sessions()).filter(({ requestId }) => requestId !== null);
    expect(made.length - acknowledged.length).toBeLessThanOrEqual(abandoned[0]?.count ?? 0);
  });
});
