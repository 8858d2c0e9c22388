import { describe, expect, it } from '@jest/globals';
import { withSandbox } from '../support/fixture.js';
import type { TestGateway } from '../support/gateway.js';
import { CREATION, OPERATIONS, SEND, findPayment, newInput, pay, paymentIn } from '../support/payments.js';
import { SqliteFile } from '../support/sqlite-file.js';

const file = new SqliteFile();
const { sandbox, start } = withSandbox({ services: [file], per: 'test' });
const ENVIRONMENT = { DATABASE_URL: file.url };

async function endWith(gateway: TestGateway, signal: NodeJS.Signals): Promise<void> {
  gateway.signal(signal);
  await gateway.ended();
}

function rowsIn(file: SqliteFile): { id: string; referenceId: string }[] {
  return file.query(`select id, reference_id as referenceId from payment_sessions where status = 'CREATING'`);
}

describe('a restarted gateway', () => {
  it.each(['SIGTERM', 'SIGKILL'] as const)('keeps the state of every idempotency key after %s', async (signal) => {
    const concluded = OPERATIONS.map((operation) => [operation, newInput()] as const);
    const released = OPERATIONS.map((operation) => [operation, { ...newInput(), referenceId: null }] as const);
    const before = await start(ENVIRONMENT);
    const first = await Promise.all(concluded.map(([operation, input]) => pay(before, operation, input)));
    expect(first.map(({ replayed }) => replayed)).toEqual([false, false]);
    for (const [operation, input] of released) {
      await sandbox.addFault({ endpoint: operation.endpoint, kind: 'status', status: 403 });
      expect(await pay(before, operation, input)).toMatchObject({ code: 'PROVIDER_MISCONFIGURED' });
    }
    await endWith(before, signal);
    const rows = rowsIn(file);
    expect(rows).toHaveLength(2);

    const after = await start(ENVIRONMENT);
    const repeats = await Promise.all(concluded.map(([operation, input]) => pay(after, operation, input)));
    expect(repeats).toEqual(first.map((result) => ({ ...result, replayed: true })));
    for (const payment of first.map(paymentIn)) expect(await findPayment(after, payment.id)).toMatchObject(payment);
    expect(await sandbox.sessions()).toHaveLength(2);
    expect(await sandbox.outbox()).toHaveLength(1);

    for (const { id } of rows)
      expect(await findPayment(after, id)).toMatchObject({ status: 'CREATING', flinksSessionId: null });
    for (const [operation, input] of released) {
      const next = await pay(after, operation, input);
      expect(next).toMatchObject({ __typename: operation.success, replayed: false });
      expect(rows).toContainEqual({ id: paymentIn(next).id, referenceId: paymentIn(next).referenceId });
    }
  });

  // The leases of the killed process last another half a minute, which the new process need not wait for.
  it('does not wait for the attempts of a killed process', async () => {
    const [creation, send] = [newInput(), newInput()];
    const before = await start(ENVIRONMENT);
    for (const endpoint of ['activate', 'sendrequest'] as const)
      await sandbox.addFault({ endpoint, kind: 'slow', when: 'after-work', delayMs: 5_000 });
    const lost = Promise.allSettled([pay(before, CREATION, creation), pay(before, SEND, send)]);
    await sandbox.activated(2);
    await endWith(before, 'SIGKILL');
    expect(await lost).toMatchObject([{ status: 'rejected' }, { status: 'rejected' }]);

    const after = await start(ENVIRONMENT);
    const created = await pay(after, CREATION, creation);
    expect(created).toMatchObject({ __typename: CREATION.success, replayed: false });
    expect(await pay(after, CREATION, creation)).toEqual({ ...created, replayed: true });
    const [orphaned, ...returned] = await sandbox.sessionsOf(creation.customer);
    expect(returned).toMatchObject([{ sessionId: paymentIn(created).flinksSessionId }]);
    expect(orphaned?.sessionId).not.toBe(paymentIn(created).flinksSessionId);

    const sent = await pay(after, SEND, send);
    expect(sent).toMatchObject({ code: 'OUTCOME_UNKNOWN', paymentSession: { status: 'OUTCOME_UNKNOWN' } });
    expect(await pay(after, SEND, send)).toEqual(sent);
    expect(await findPayment(after, paymentIn(sent).id)).toMatchObject(paymentIn(sent));
    expect(await sandbox.mailsTo(send.customer)).toBe(1);

    await endWith(after, 'SIGTERM');
    // The killed process alone knew the id of the orphaned session, and did not write it.
    const abandoned = file.query('select payment_session_id as id, attempt, session_id from abandoned_attempts');
    expect(abandoned).toEqual([{ id: paymentIn(created).id, attempt: 1, session_id: null }]);
  });
});
