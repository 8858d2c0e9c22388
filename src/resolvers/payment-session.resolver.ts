import { Arg, Ctx, FieldResolver, ID, Query, Resolver, Root } from 'type-graphql';
import { Sensitive } from '../domain/sensitive.js';
import { PaymentSessionEvent } from '../schema/payment-event.type.js';
import { PaymentSession } from '../schema/payment-session.type.js';
import type { RequestContext } from './request-context.js';

/** Where the payer pays, by the id of Flinks's session. */
export type LaunchUrl = (sessionId: Sensitive<string>) => Sensitive<string>;

@Resolver(() => PaymentSession)
export class PaymentSessionResolver {
  constructor(private readonly launchUrlOf: LaunchUrl) {}

  @Query(() => PaymentSession, {
    nullable: true,
    description: 'A payment by its id, as it is now. Null when there is none of yours with this id.',
  })
  async paymentSession(
    @Arg('id', () => ID, { description: 'The id of a PaymentSession.' }) id: string,
    @Ctx() { loaders }: RequestContext,
  ): Promise<PaymentSession | null> {
    const payment = await loaders.payments.load(id);
    return payment === undefined ? null : PaymentSession.of(payment);
  }

  @FieldResolver(() => String, {
    nullable: true,
    description:
      'The page where the payer pays, hosted by Flinks, once there is one. It contains sessionId, so it is as secret.',
  })
  launchUrl(@Root() { sessionId }: PaymentSession): string | null {
    return sessionId === null ? null : this.launchUrlOf(new Sensitive(sessionId)).reveal();
  }

  @FieldResolver(() => [PaymentSessionEvent], { description: 'Every status that the payment took, oldest first.' })
  async events(@Root() { id }: PaymentSession, @Ctx() { loaders }: RequestContext): Promise<PaymentSessionEvent[]> {
    return (await loaders.events.load(id)).map((event) => PaymentSessionEvent.of(event));
  }
}
