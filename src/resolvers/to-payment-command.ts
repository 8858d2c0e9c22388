import { createMoney } from '../domain/money.js';
import { normaliseEmail, normaliseName } from '../domain/payment-rules.js';
import { Sensitive } from '../domain/sensitive.js';
import type { PaymentCommand } from '../payments/start/start-payment.js';
import { idOf, optionalIdOf } from '../schema/scalars/id.scalar.js';
import type { PaymentIntent } from '../schema/payment/payment.input.js';

/** Converts validated input to a command. From here on, personal data is wrapped in `Sensitive`. */
export function toPaymentCommand(input: PaymentIntent, clientId: string): PaymentCommand {
  const { idempotencyKey, allowDuplicate, customer, amount, referenceId, clientUrls } = input;
  return {
    clientId,
    idempotencyKey: idOf(idempotencyKey),
    allowDuplicate,
    request: {
      customer: {
        userId: idOf(customer.userId),
        name: new Sensitive(normaliseName(customer.name)),
        email: new Sensitive(normaliseEmail(customer.email)),
      },
      amount: createMoney(String(amount.value), amount.currency),
      referenceId: optionalIdOf(referenceId),
      clientUrls: clientUrls ?? [],
    },
  };
}
