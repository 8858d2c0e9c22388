import { expect } from '@jest/globals';
import type { PaymentSessionStatus } from '../../src/domain/payment-status.js';
import type { TestGateway } from '../support/gateway.js';
import { CREATION, newInput, pay, paymentIn } from '../support/payments.js';
import type { Payment } from '../support/payments.js';

/** The fields of a payment that a test selects. */
export interface StatusFields {
  readonly status: PaymentSessionStatus;
  readonly providerStatusDetails: string | null;
  readonly statusCheckedAt: string | null;
  readonly fundsGuaranteed: boolean;
  readonly failure: {
    readonly reason: string;
    readonly en: string;
    readonly fr: string;
    readonly merchantMessage: string;
  } | null;
}

/** All of them. */
export const FIELDS = `status providerStatusDetails statusCheckedAt fundsGuaranteed
  failure { reason en: payerMessage fr: payerMessage(language: FR) merchantMessage }`;

/** Creates a payment. */
export async function createPayment(gateway: TestGateway): Promise<Payment & { readonly session: string }> {
  const payment = paymentIn(await pay(gateway, CREATION, newInput()));
  return { ...payment, session: payment.flinksSessionId ?? '' };
}

/** The fields of payments, read in one request. */
export async function readPayments(
  gateway: TestGateway,
  payments: readonly Pick<Payment, 'id'>[],
  fields = 'status',
): Promise<StatusFields[]> {
  const aliases = payments.map(({ id }, index) => `p${index}: paymentSession(id: "${id}") { ...Fields }`);
  const query = `{ ${aliases.join(' ')} } fragment Fields on PaymentSession { ${fields} }`;
  const { data, errors } = await gateway.post<Record<string, StatusFields>>({ query });
  expect(errors).toBeUndefined();
  return Object.values(data ?? {});
}

/** All fields of a payment. */
export async function readPayment(gateway: TestGateway, payment: Pick<Payment, 'id'>): Promise<StatusFields> {
  const [found] = await readPayments(gateway, [payment], FIELDS);
  if (found === undefined) throw new Error('there is no such payment');
  return found;
}
