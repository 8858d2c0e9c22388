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
import { instance } from '../schema/instance.js';

@Resolver()
export class PaymentResolver {
  constructor(private readonly startPayment: Pick<StartPayment, 'createLink' | 'sendEmail'>) {}

  @Authenticated()
  @Query(() => [PaymentInputIssue], {
    description:
      'Checks the fields of a payment by the rules of the mutations and does nothing else, so that a form can show problems early. Returns an empty list when there are none.',
  })
  validatePayment(
    // Issues are the result here, not a reason to fail.
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
    @Ctx() { client: caller, requestId, log }: RequestContext,
  ): Promise<typeof CreatePaymentSessionResult> {
    const answer = await this.startPayment.createLink(toPaymentCommand(input, caller.id), log);
    if (answer.kind !== 'done') return creationFailure(answer, requestId);
    return instance(CreatePaymentSessionSuccess, {
      paymentSession: PaymentSession.of(answer.payment),
      replayed: answer.replayed,
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
    @Ctx() { client: caller, requestId, log }: RequestContext,
  ): Promise<typeof SendPaymentRequestResult> {
    const answer = await this.startPayment.sendEmail(toPaymentCommand(input, caller.id), log);
    if (answer.kind !== 'done') return sendFailure(answer, requestId);
    return instance(SendPaymentRequestSuccess, {
      paymentSession: PaymentSession.of(answer.payment),
      replayed: answer.replayed,
    });
  }
}
