import { Arg, Args, Ctx, Mutation, Query, Resolver } from 'type-graphql';
import type { StartPayment } from '../payments/start-payment.js';
import { creationFailure, sendFailure } from '../schema/failures.js';
import { InputIssue } from '../schema/input-issue.type.js';
import { inputIssues } from '../schema/input-issues.js';
import {
  CreatePaymentSessionResult,
  CreatePaymentSessionSuccess,
  SendPaymentRequestResult,
  SendPaymentRequestSuccess,
} from '../schema/payment-result.union.js';
import { PaymentSession } from '../schema/payment-session.type.js';
import { CreatePaymentSessionInput, SendPaymentRequestInput, ValidatePaymentArgs } from '../schema/payment.input.js';
import type { RequestContext } from './request-context.js';
import { toPaymentCall } from './to-payment-call.js';
import { Authenticated, RequiresScope } from '../schema/directives.js';

@Resolver()
export class PaymentResolver {
  constructor(private readonly startPayment: Pick<StartPayment, 'byLink' | 'byEmail'>) {}

  @Authenticated()
  @Query(() => [InputIssue], {
    description:
      'Checks a payment by the rules of the mutations and does nothing else, so that a form can tell before the payer is asked. Empty when all is well.',
  })
  validatePayment(
    // Problems are the answer here, not a reason to fail.
    @Args(() => ValidatePaymentArgs, { validateFn: () => undefined }) payment: ValidatePaymentArgs,
  ): Promise<InputIssue[]> {
    return inputIssues(payment, []);
  }

  @RequiresScope('payments:create')
  @Mutation(() => CreatePaymentSessionResult, {
    description: 'Makes a payment and gives its page to you: send the payer to launchUrl.',
  })
  async createPaymentSession(
    @Arg('input', () => CreatePaymentSessionInput, { description: 'The payment.' }) input: CreatePaymentSessionInput,
    @Ctx() { caller, requestId, log }: RequestContext,
  ): Promise<typeof CreatePaymentSessionResult> {
    const answer = await this.startPayment.byLink(toPaymentCall(input, caller.id), log);
    if (answer.kind !== 'done') return creationFailure(answer, requestId);
    return Object.assign(new CreatePaymentSessionSuccess(), {
      paymentSession: PaymentSession.of(answer.payment),
      replayed: answer.replayed,
    });
  }

  @RequiresScope('payments:send')
  @Mutation(() => SendPaymentRequestResult, {
    description: 'Makes a payment and has Flinks e-mail its page to the payer.',
  })
  async sendPaymentRequest(
    @Arg('input', () => SendPaymentRequestInput, { description: 'The payment.' }) input: SendPaymentRequestInput,
    @Ctx() { caller, requestId, log }: RequestContext,
  ): Promise<typeof SendPaymentRequestResult> {
    const answer = await this.startPayment.byEmail(toPaymentCall(input, caller.id), log);
    if (answer.kind !== 'done') return sendFailure(answer, requestId);
    return Object.assign(new SendPaymentRequestSuccess(), {
      paymentSession: PaymentSession.of(answer.payment),
      replayed: answer.replayed,
    });
  }
}
