import { Arg, Ctx, Mutation, Resolver } from 'type-graphql';
import type { CancelPayment } from '../payments/status/cancel-payment.js';
import {
  CancelPaymentSessionInput,
  CancelPaymentSessionResult,
  CancelPaymentSessionSuccess,
} from '../schema/payment/cancellation.type.js';
import { cancellationFailure } from '../schema/payment/cancellation-error-mapper.js';
import { idOf } from '../schema/scalars/id.scalar.js';
import { PaymentSession } from '../schema/payment/payment-session.type.js';
import type { RequestContext } from './request-context.js';
import { RequiresScope } from '../schema/subgraph/directives.js';
import { instance } from '../schema/typegraphql.js';

/** Resolves the mutation that cancels payments. */
@Resolver()
export class CancellationResolver {
  constructor(private readonly cancelPayment: Pick<CancelPayment, 'cancel'>) {}

  @RequiresScope('payments:cancel')
  @Mutation(() => CancelPaymentSessionResult, {
    description:
      'Cancels a payment for which no money has moved: its payment page stops working at once. Repeating the call is safe.',
  })
  async cancelPaymentSession(
    @Arg('input', () => CancelPaymentSessionInput, { description: 'The payment to cancel.' })
    { id }: CancelPaymentSessionInput,
    @Ctx() { client, requestId, log }: RequestContext,
  ): Promise<typeof CancelPaymentSessionResult> {
    const result = await this.cancelPayment.cancel(client.id, idOf(id), log);
    if (result.kind !== 'cancelled') return cancellationFailure(result, requestId);
    const paymentSession = PaymentSession.of(result.payment);
    return instance(CancelPaymentSessionSuccess, { paymentSession });
  }
}
