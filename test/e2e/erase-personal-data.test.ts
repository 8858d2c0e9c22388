import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { withGateway } from '../support/fixture.js';
import { runToEnd } from '../support/gateway.js';
import { CREATION, SEND, findPayment, newInput, pay, paymentIn } from '../support/payments.js';
import type { Operation, PaymentInput } from '../support/payments.js';
import { SqliteFile } from '../support/sqlite-file.js';

const file = new SqliteFile();
const ENVIRONMENT = { DATABASE_URL: file.url };
const { sandbox, gateway, start } = withGateway({ services: [file], environment: ENVIRONMENT });

function erase(...userIds: string[]) {
  const environment = { FLINKS_BASE_URL: sandbox.url, DATABASE_URL: file.url };
  return runToEnd(environment, ['commands/erase-personal-data.js', ...userIds]);
}

function inputOf(userId: string): PaymentInput {
  const input = newInput();
  return { ...input, customer: { ...input.customer, userId }, referenceId: randomUUID() };
}

async function rejectNext(operation: Operation, input: PaymentInput): Promise<void> {
  await sandbox.addFault({ endpoint: operation.endpoint, kind: 'status', status: 422 });
  expect(await pay(gateway, operation, input)).toMatchObject({ code: 'PROVIDER_REJECTED' });
}

describe('the command erase-personal-data', () => {
  it('erases the finished payments of one user, and reports how many are kept', async () => {
    const [rejected, rejectedSend, open, others] = [inputOf('u-1'), inputOf('u-1'), inputOf('u-1'), inputOf('u-2')];
    await rejectNext(CREATION, rejected);
    await rejectNext(SEND, rejectedSend);
    await rejectNext(CREATION, others);
    const { id: openId } = paymentIn(await pay(gateway, CREATION, open));
    expect(await erase('u-1')).toEqual({
      code: 1,
      output: expect.stringMatching(/^Nothing was erased: DATABASE_URL .*another process has it open/),
    });
    await gateway.stop();
    expect(await erase('u-1')).toEqual({
      code: 0,
      output: 'Erased the personal data of 2 payments; kept until final: 1.\n',
    });

    const rows = file.query<{ id: string; reference: string }>(
      'select id, reference_id reference from payment_sessions',
    );
    const restarted = await start(ENVIRONMENT);
    const found = ({ referenceId }: PaymentInput) =>
      findPayment(restarted, rows.find(({ reference }) => reference === referenceId)?.id);
    for (const input of [rejected, rejectedSend])
      expect(await found(input)).toMatchObject({
        status: 'FAILED',
        referenceId: input.referenceId,
        customer: { userId: 'u-1', name: null, email: null },
        amount: { value: '250.10' },
        events: [{ status: 'CREATING' }, { status: 'FAILED' }],
      });
    expect(await found(others)).toMatchObject({ status: 'FAILED', customer: others.customer });
    expect(await findPayment(restarted, openId)).toMatchObject({ status: 'INITIATED', customer: open.customer });
    expect(await pay(restarted, CREATION, rejected)).toMatchObject({ code: 'PROVIDER_REJECTED' });
  });

  it('requires exactly one user id', async () => {
    const failure = { code: 1, output: expect.stringContaining('give one user id') };
    expect(await Promise.all([erase(), erase('u-1', 'u-2')])).toEqual([failure, failure]);
  });
});
