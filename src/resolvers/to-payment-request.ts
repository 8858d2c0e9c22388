import { createMoney } from '../domain/money.js';
import { normaliseEmail, normaliseName } from '../domain/payment-rules.js';
import { Sensitive } from '../domain/sensitive.js';
import type { PaymentRequest } from '../payments/start-payment.js';
import type { PaymentFields } from '../schema/payment.input.js';

/** The domain's view of input that passed validation. From here on personal data is wrapped. */
export function toPaymentRequest({ customer, amount, referenceId, clientUrls }: PaymentFields): PaymentRequest {
  return {
    customer: {
      userId: customer.userId,
      name: new Sensitive(normaliseName(customer.name)),
      email: new Sensitive(normaliseEmail(customer.email)),
    },
    amount: createMoney(String(amount.value), amount.currency),
    referenceId: referenceId ?? undefined,
    clientUrls: clientUrls ?? [],
  };
}
