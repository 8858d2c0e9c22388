import { GraphQLError } from 'graphql';
import { Args, Resolver, Root, Subscription } from 'type-graphql';
import { PAYMENT_READ_SCOPES, visibleOwner } from '../domain/api-client.js';
import type { PaymentSession as DomainPaymentSession } from '../domain/payment.js';
import { idOf } from '../schema/scalars/id.scalar.js';
import { PaymentSession, PaymentSessionArgs } from '../schema/payment/payment-session.type.js';
import { RequiresScope } from '../schema/subgraph/directives.js';
import { instance } from '../schema/typegraphql.js';
import { rejectInvalidArgs, rethrow } from './graphql-errors.js';
import type { RequestContext } from './request-context.js';
import { UntilCredentialsExpire } from './until-credentials-expire.js';

/** Resolves the subscription to a payment's changes. */
@Resolver()
export class PaymentSubscriptionResolver {
  @RequiresScope(...PAYMENT_READ_SCOPES)
  @Subscription(() => PaymentSession, {
    description:
      'Sends the current state of a payment, then its state after every change of the status, and completes when the status is final (SETTLED, EXPIRED, CANCELLED, DECLINED or FAILED). Fails with NOT_FOUND when you have no payment with this id. Ends with UNAUTHENTICATED when your credentials expire: subscribe again with new ones.',
    subscribe: ({ args, context }) => watch(args as PaymentSessionArgs, context as RequestContext),
  })
  paymentSessionUpdated(
    @Args(() => PaymentSessionArgs) _args: PaymentSessionArgs,
    @Root() payment: DomainPaymentSession,
  ): PaymentSession {
    return PaymentSession.snapshot(payment);
  }
}

/** Validates the arguments itself, because TypeGraphQL runs neither middleware nor validation before `subscribe`. */
async function watch(
  args: PaymentSessionArgs,
  { client, isClientCurrent, paymentUpdates }: RequestContext,
): Promise<AsyncIterable<DomainPaymentSession>> {
  rejectInvalidArgs(instance(PaymentSessionArgs, args));
  const states = await paymentUpdates.subscribe(visibleOwner(client), idOf(args.id)).catch(rethrow);
  if (states !== undefined) return new UntilCredentialsExpire(states, { client, isClientCurrent });
  throw new GraphQLError('You have no payment with this id. Use the id that the mutation returned.', {
    extensions: { code: 'NOT_FOUND' },
  });
}
