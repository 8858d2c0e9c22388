import { Arg, Ctx, Mutation, Query, Resolver } from 'type-graphql';
import type { StartPayment } from '../payments/start/start-payment.js';
import { creationFailure, sendFailure } from '../schema/payment/payment-error-mapper.js';
import { PaymentInputIssue } from '../schema/validation/payment-input-issue.type.js';
import { findInputIssues } from '../schema/validation/input-issues.js';
import {
  CreatePaymentSessionResult,
  CreatePaymentSessionSuccess,
  SendPaymentRequestResult,
  SendPaymentRequestSuccess,
} from '../schema/payment/payment-result.union.js';
import { PaymentSession } from '../schema/payment/payment-session.type.js';
import {
  CreatePaymentSessionInput,
  SendPaymentRequestInput,
  ValidatePaymentInput,
} from '../schema/payment/payment.input.js';
import type { RequestContext } from './request-context.js';
import { toPaymentCommand } from './to-payment-command.js';
import { Authenticated, RequiresScope } from '../schema/subgraph/directives.js';
import { instance } from '../schema/typegraphql.js';

/** Resolves the mutations that start payments, and the validation of their input. */
@Resolver()
export class PaymentResolver {
  constructor(private readonly startPayment: Pick<StartPayment, 'createLink' | 'sendEmail'>) {}

  @Authenticated()
  @Query(() => [PaymentInputIssue], {
    description:
      'Checks the fields of a payment by the rules of the mutations and does nothing else, so that a form can show problems early. Returns an empty list when there are none.',
  })
  validatePayment(
    // Issues are the result here, so validation must not reject.
    @Arg('input', () => ValidatePaymentInput, { validateFn: () => undefined, description: 'The payment to check.' })
    input: ValidatePaymentInput,
  ): Promise<PaymentInputIssue[]> {
    return findInputIssues(input, ['input']);
  }

  @RequiresScope('payments:create')
  @Mutation(() => CreatePaymentSessionResult, {
    description:
      'Creates a payment and returns its payment page: send the payer to paymentSession.paymentUrl. Repeated calls with the same idempotencyKey return the same payment.',
  })
  async createPaymentSession(
    @Arg('input', () => CreatePaymentSessionInput, { description: 'The payment to create.' })
    input: CreatePaymentSessionInput,
    @Ctx() { client, requestId, log }: RequestContext,
  ): Promise<typeof CreatePaymentSessionResult> {
    const result = await this.startPayment.createLink(toPaymentCommand(input, client.id), log);
    if (result.kind !== 'succeeded') return creationFailure(result, requestId);
    return instance(CreatePaymentSessionSuccess, {
      paymentSession: PaymentSession.of(result.payment),
      replayed: result.replayed,
    });
  }

  @RequiresScope('payments:send')
  @Mutation(() => SendPaymentRequestResult, {
    description:
      'Creates a payment and has Flinks e-mail the link to the payer. Repeated calls with the same idempotencyKey send one e-mail and return the same payment.',
  })
  async sendPaymentRequest(
    @Arg('input', () => SendPaymentRequestInput, { description: 'The payment to create.' })
    input: SendPaymentRequestInput,
    @Ctx() { client, requestId, log }: RequestContext,
  ): Promise<typeof SendPaymentRequestResult> {
    const result = await this.startPayment.sendEmail(toPaymentCommand(input, client.id), log);
    if (result.kind !== 'succeeded') return sendFailure(result, requestId);
    return instance(SendPaymentRequestSuccess, {
      paymentSession: PaymentSession.of(result.payment),
      replayed: result.replayed,
    });
  }
}
