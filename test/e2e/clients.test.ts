import { describe, expect, it } from '@jest/globals';
import {
  CancelPaymentSessionDocument,
  CreatePaymentSessionDocument,
  PaymentSessionDocument,
  PaymentSessionsDocument,
  ReconciliationReportDocument,
  SendPaymentRequestDocument,
  ValidatePaymentDocument,
} from '../../client/src/generated/operations.js';
import { withGateway } from '../support/fixture.js';
import { CLIENTS } from '../support/graphql-clients.js';
import type { Run } from '../support/graphql-clients.js';
import { newInput } from '../support/payments.js';

const { gateway } = withGateway();

async function runAll(run: Run): Promise<void> {
  const input = { ...newInput(), referenceId: 'LOAN-7' };
  const { customer, amount } = input;
  expect((await run(ValidatePaymentDocument, { input: { customer, amount } })).validatePayment).toEqual([]);
  const { createPaymentSession: created } = await run(CreatePaymentSessionDocument, { input });
  if (created.__typename !== 'CreatePaymentSessionSuccess') throw new Error(created.code);
  const { id } = created.paymentSession;
  const { createPaymentSession: repeated } = await run(CreatePaymentSessionDocument, { input });
  expect(repeated).toEqual({ ...created, replayed: true });
  const { sendPaymentRequest: sent } = await run(SendPaymentRequestDocument, { input: newInput() });
  expect(sent).toMatchObject({ __typename: 'SendPaymentRequestSuccess', paymentSession: { deliveryMethod: 'EMAIL' } });
  const { paymentSession } = await run(PaymentSessionDocument, { id });
  expect(paymentSession).toMatchObject({ id, referenceId: 'LOAN-7', status: 'INITIATED' });
  const { paymentSessions } = await run(PaymentSessionsDocument, { filter: { referenceId: 'LOAN-7' }, first: 1 });
  expect(paymentSessions.edges.map(({ node }) => node)).toMatchObject([{ id, amount: { value: '250.10' } }]);
  const { cancelPaymentSession: cancelled } = await run(CancelPaymentSessionDocument, { input: { id } });
  expect(cancelled).toMatchObject({ paymentSession: { id, status: 'CANCELLED' } });
  expect(await run(ReconciliationReportDocument, { date: '2026-01-01' })).toEqual({ reconciliationReport: null });
}

async function runIntoError(run: Run): Promise<void> {
  const input = { ...newInput(), amount: { value: '0' } };
  const { createPaymentSession: rejected } = await run(CreatePaymentSessionDocument, { input });
  expect(rejected).toMatchObject({ code: 'INVALID_INPUT', retryAdvice: 'NEVER', issues: [{ code: 'TOO_SMALL' }] });
}

describe.each(CLIENTS)('%s', (_, open) => {
  it('runs all example operations, and gets errors as data', async () => {
    const { run, close } = open(gateway.url);
    await runAll(run);
    await runIntoError(run);
    close?.();
  });
});
