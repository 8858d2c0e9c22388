import { describe, expect, it } from '@jest/globals';
import { withSandbox } from '../support/fixture.js';
import type { TestGateway } from '../support/gateway.js';
import { CREATION, SEND, findPayment, newInput, pay, payWithRetries, paymentIn } from '../support/payments.js';
import type { PaymentResult, Operation, PaymentInput } from '../support/payments.js';
import { TestPostgres } from '../support/postgres.js';
import { until } from '../support/until.js';

const CLIENTS = 12;
const PAYMENTS_EACH = 6;
const READY_WITHIN_MS = 5_000;

/** A call that a client got a response to. */
interface AcknowledgedCall {
  readonly operation: Operation;
  readonly input: PaymentInput;
  readonly response: PaymentResult;
}

// No attempt can take over a claim that was written and not acknowledged until its lease ends.
const LEASES = { MUTATION_TIMEOUT: '5s', IDEMPOTENCY_LEASE: '6s' };

const postgres = new TestPostgres();
const { sandbox, addGateway } = withSandbox({ switches: { latencyMs: 50 }, services: [postgres] });
const environment = () => ({ DATABASE_URL: postgres.databaseUrl(), ...LEASES });
const replicas = [addGateway(environment), addGateway(environment)] as const;
const acknowledged: AcknowledgedCall[] = [];

/** Starts one payment after another, each repeated until there is a response. */
async function runClient(number: number): Promise<void> {
  const operation = number % 2 === 0 ? CREATION : SEND;
  for (let count = 0; count < PAYMENTS_EACH; count += 1) {
    const input = newInput();
    acknowledged.push({ operation, input, response: await payWithRetries(replicas, operation, input) });
  }
}

async function untilReadiness(expected: boolean): Promise<void> {
  const isAsExpected = async (replica: TestGateway) =>
    ((await replica.get('/health/ready')).status === 200) === expected;
  await Promise.all(replicas.map((replica) => until(() => isAsExpected(replica))));
}

/** Waits until the gateway itself has resolved any outcome that the crash made unknown. */
async function untilResolved({ response }: AcknowledgedCall, replica: TestGateway): Promise<void> {
  await until(async () => (await findPayment(replica, response.paymentSession?.id))?.status === 'INITIATED');
}

describe('a crash of PostgreSQL under load', () => {
  it('makes the replicas unready, and ready again within seconds of the restart', async () => {
    const clients = Promise.all(Array.from({ length: CLIENTS }, (_, number) => runClient(number)));
    await until(() => acknowledged.length >= CLIENTS);
    await postgres.kill();
    await untilReadiness(false);
    await postgres.restart();
    const restartedMs = performance.now();
    await untilReadiness(true);
    expect(performance.now() - restartedMs).toBeLessThan(READY_WITHIN_MS);
    await clients;
    expect(acknowledged).toHaveLength(CLIENTS * PAYMENTS_EACH);
  });

  it('loses no acknowledged payment', async () => {
    const [replica] = replicas;
    await Promise.all(acknowledged.map((payment) => untilResolved(payment, replica)));
    for (const { operation, input, response } of acknowledged) {
      expect([operation.success, 'PaymentOutcomeUnknownError']).toContain(response.__typename);
      const repeat = await pay(replica, operation, input);
      expect(repeat).toMatchObject({ __typename: operation.success, replayed: true });
      const { id, referenceId, flinksSessionId } = paymentIn(response);
      expect(paymentIn(repeat)).toMatchObject({
        id,
        referenceId,
        ...(flinksSessionId === null ? {} : { flinksSessionId }),
      });
    }
  });

  it('causes no second e-mail and no unrecorded session', async () => {
    const sends = acknowledged.filter(({ operation }) => operation === SEND);
    const mails = (await sandbox.outbox()).map(({ to }) => to).sort();
    expect(mails).toEqual(sends.map(({ input }) => input.customer.email).sort());
    const rows = await postgres.query<{ count: number }>('select count(*)::int from payment_sessions');
    expect(rows).toEqual([{ count: acknowledged.length }]);
    // An attempt whose session no client received is recorded as abandoned.
    const abandoned = await postgres.query<{ count: number }>('select count(*)::int from abandoned_attempts');
    const activated = (await sandbox.sessions()).filter(({ requestId }) => requestId !== null);
    expect(activated.length - acknowledged.length).toBeLessThanOrEqual(abandoned[0]?.count ?? 0);
  });
});
