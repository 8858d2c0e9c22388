import { Arg, Ctx, Mutation, Query, Resolver } from 'type-graphql';
import { createMoney } from '../domain/money.js';
import { normalizeEmail, normalizeName } from '../domain/payment-input-rules.js';
import { Sensitive } from '../domain/sensitive.js';
import type { PaymentCommand, StartPayment } from '../payments/start/start-payment.js';
import type { CancelPayment } from '../payments/status/cancel-payment.js';
import { cancellationFailure, creationFailure, sendFailure } from '../schema/payment/payment-error-mapper.js';
import * as results from '../schema/payment/payment-result.union.js';
import { PaymentSession } from '../schema/payment/payment-session.type.js';
import * as inputs from '../schema/payment/payment.input.js';
import { idOf, optionalIdOf } from '../schema/scalars/id.scalar.js';
import { Authenticated, RequiresScope } from '../schema/subgraph/directives.js';
import { instance } from '../schema/typegraphql.js';
import { PaymentInputIssue } from '../schema/validation/payment-input-issue.type.js';
import { findInputIssues } from '../schema/validation/input-validation.js';
import type { RequestContext } from './request-context.js';

/** Resolves the mutations, which start and cancel payments, and the validation of their input. */
@Resolver()
export class PaymentResolver {
  constructor(
    private readonly startPayment: Pick<StartPayment, 'createLink' | 'sendEmail'>,
    private readonly cancelPayment: Pick<CancelPayment, 'cancel'>,
  ) {}

  @Authenticated()
  @Query(() => [PaymentInputIssue], {
    description:
      'Checks the fields of a payment by the rules of the mutations and does nothing else, so that a form can show problems early. The list is empty when the fields are valid.',
  })
  validatePayment(
    // Issues are the result here, so validation must not reject.
    @Arg('input', () => inputs.ValidatePaymentInput, {
      validateFn: () => undefined,
      description: 'The payment to check.',
    })
    input: inputs.ValidatePaymentInput,
  ): PaymentInputIssue[] {
    return findInputIssues(input, ['input']);
  }

  @RequiresScope('payments:cancel')
  @Mutation(() => results.CancelPaymentSessionResult, {
    description:
      'Cancels a payment for which no money has moved: its payment page stops working immediately. Repeating the call is safe.',
  })
  async cancelPaymentSession(
    @Arg('input', () => inputs.CancelPaymentSessionInput, { description: 'The payment to cancel.' })
    { id }: inputs.CancelPaymentSessionInput,
    @Ctx() { client, requestId, log }: RequestContext,
  ): Promise<typeof results.CancelPaymentSessionResult> {
    const result = await this.cancelPayment.cancel(client.id, idOf(id), log);
    if (result.kind !== 'cancelled') return cancellationFailure(result, requestId);
    return instance(results.CancelPaymentSessionSuccess, { paymentSession: PaymentSession.of(result.payment) });
  }

  @RequiresScope('payments:create')
  @Mutation(() => results.CreatePaymentSessionResult, {
    description:
      'Creates a payment and returns its payment page: send the payer to paymentSession.paymentUrl. Repeated calls with the same idempotencyKey return the same payment.',
  })
  async createPaymentSession(
    @Arg('input', () => inputs.CreatePaymentSessionInput, { description: 'The payment to create.' })
    input: inputs.CreatePaymentSessionInput,
    @Ctx() { client, requestId, log }: RequestContext,
  ): Promise<typeof results.CreatePaymentSessionResult> {
    const result = await this.startPayment.createLink(toPaymentCommand(input, client.id), log);
    if (result.kind !== 'succeeded') return creationFailure(result, requestId);
    const { payment, replayed } = result;
    return instance(results.CreatePaymentSessionSuccess, { paymentSession: PaymentSession.of(payment), replayed });
  }

  @RequiresScope('payments:send')
  @Mutation(() => results.SendPaymentRequestResult, {
    description:
      'Creates a payment and has Flinks e-mail the link to the payer. Repeated calls with the same idempotencyKey send one e-mail and return the same payment.',
  })
  async sendPaymentRequest(
    @Arg('input', () => inputs.SendPaymentRequestInput, { description: 'The payment to create.' })
    input: inputs.SendPaymentRequestInput,
    @Ctx() { client, requestId, log }: RequestContext,
  ): Promise<typeof results.SendPaymentRequestResult> {
    const result = await this.startPayment.sendEmail(toPaymentCommand(input, client.id), log);
    if (result.kind !== 'succeeded') return sendFailure(result, requestId);
    const { payment, replayed } = result;
    return instance(results.SendPaymentRequestSuccess, { paymentSession: PaymentSession.of(payment), replayed });
  }
}

/** Converts validated input to a command. From here on, personal data is wrapped in `Sensitive`. */
function toPaymentCommand(input: inputs.PaymentIntent, clientId: string): PaymentCommand {
  const { idempotencyKey, allowDuplicate, customer, amount, referenceId, clientUrls } = input;
  return {
    clientId,
    idempotencyKey: idOf(idempotencyKey),
    allowDuplicate,
    request: {
      customer: {
        userId: idOf(customer.userId),
        name: new Sensitive(normalizeName(customer.name)),
        email: new Sensitive(normalizeEmail(customer.email)),
      },
      amount: createMoney(String(amount.value), amount.currency),
      referenceId: optionalIdOf(referenceId),
      clientUrls: clientUrls ?? [],
    },
  };
}
