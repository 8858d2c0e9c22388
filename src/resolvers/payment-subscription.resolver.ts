import { GraphQLError } from 'graphql';
import { Args, Resolver, Root, Subscription } from 'type-graphql';
import { READS_PAYMENTS, ownerSeenBy } from '../domain/caller.js';
import type { PaymentSession as DomainPaymentSession } from '../domain/payment.js';
import { idOf } from '../schema/id.scalar.js';
import { PaymentSessionArgs } from '../schema/payment-session.args.js';
import { PaymentSession } from '../schema/payment-session.type.js';
import { refuseBrokenRules } from './refuse-broken-rules.js';
import type { RequestContext } from './request-context.js';
import { told } from './store-unavailable.middleware.js';
import { WhileCurrent } from './while-current.js';
import { RequiresScope } from '../schema/directives.js';

@Resolver()
export class PaymentSubscriptionResolver {
  @RequiresScope(...READS_PAYMENTS)
  @Subscription(() => PaymentSession, {
    description:
      'A payment as it is now, then as it is after each change of its status; completes when the status is one that hardly changes any more (SETTLED, or a way not to pay). Fails with NOT_FOUND when there is none of yours with this id, and ends with UNAUTHENTICATED when what proved who you are runs out: subscribe again.',
    subscribe: ({ args, context }) => watch(args as PaymentSessionArgs, context as RequestContext),
  })
  paymentSessionUpdated(
    @Args(() => PaymentSessionArgs) _args: PaymentSessionArgs,
    @Root() payment: DomainPaymentSession,
  ): PaymentSession {
    return PaymentSession.asTold(payment);
  }
}

/** No middleware stands around it, and nothing has judged its arguments. */
async function watch(
  args: PaymentSessionArgs,
  { caller, isCallerCurrent, paymentWatch }: RequestContext,
): Promise<AsyncIterable<DomainPaymentSession>> {
  await refuseBrokenRules(Object.assign(new PaymentSessionArgs(), args));
  const states = await paymentWatch.changes(ownerSeenBy(caller), idOf(args.id)).catch((error: unknown) => {
    throw told(error);
  });
  if (states !== undefined) return new WhileCurrent(states, { caller, isCallerCurrent });
  throw new GraphQLError('There is no payment of yours with this id. Take the id from what the mutation answered.', {
    extensions: { code: 'NOT_FOUND' },
  });
}
