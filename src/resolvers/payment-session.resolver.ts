import { GraphQLDateTime } from 'graphql-scalars';
import { Args, Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import { READS_PAYMENTS } from '../domain/caller.js';
import { isUnreadable, unreadableError } from '../domain/payment.js';
import type { PaymentSession as DomainPaymentSession } from '../domain/payment.js';
import { areFundsGuaranteed } from '../domain/payment-status.js';
import type { PaymentStatus } from '../domain/payment-status.js';
import type { Sensitive } from '../domain/sensitive.js';
import type { PaymentLoaders } from '../payments/payment-loaders.js';
import { PaymentSessionEvent } from '../schema/payment-event.type.js';
import { PaymentFailure } from '../schema/payment-failure.type.js';
import { idOf } from '../schema/id.scalar.js';
import { PaymentSessionArgs } from '../schema/payment-session.args.js';
import { PaymentSession } from '../schema/payment-session.type.js';
import { PaymentStatusEnum } from '../schema/payment-status.enum.js';
import { refuseBrokenRules } from './refuse-broken-rules.js';
import type { RequestContext } from './request-context.js';
import { RequiresScope } from '../schema/directives.js';

/** Where the payer pays, by the id of Flinks's session. */
export type LaunchUrl = (sessionId: Sensitive<string>) => Sensitive<string>;

@Resolver(() => PaymentSession)
export class PaymentSessionResolver {
  constructor(private readonly launchUrlOf: LaunchUrl) {}

  @RequiresScope(...READS_PAYMENTS)
  @Query(() => PaymentSession, {
    nullable: true,
    description: 'A payment by its id, as it is now. Null when there is none of yours with this id.',
  })
  async paymentSession(
    @Args(() => PaymentSessionArgs, { validateFn: refuseBrokenRules }) { id }: PaymentSessionArgs,
    @Ctx() { loaders }: RequestContext,
  ): Promise<PaymentSession | null> {
    const payment = await loaders.payments.load(idOf(id));
    return payment === undefined ? null : PaymentSession.of(payment);
  }

  @FieldResolver(() => String, {
    nullable: true,
    description:
      'The page where the payer pays, hosted by Flinks, once there is one. It contains sessionId, so it is as secret.',
  })
  launchUrl(@Root() { stored }: PaymentSession): string | null {
    if (isUnreadable(stored, 'sessionId')) throw unreadableError(stored.id, 'sessionId');
    return stored.sessionId === undefined ? null : this.launchUrlOf(stored.sessionId).reveal();
  }

  @FieldResolver(() => PaymentStatusEnum, {
    description:
      'Where the payment stands. If what is stored is old, Flinks is asked first; statusCheckedAt tells whether it answered.',
  })
  async status(@Root() payment: PaymentSession, @Ctx() { loaders }: RequestContext): Promise<PaymentStatus> {
    return (await standOf(payment, loaders)).status;
  }

  @FieldResolver(() => String, {
    nullable: true,
    description: "Flinks's own words on the status, such as a code, or a word that is in none of its documents.",
  })
  async statusDetails(@Root() payment: PaymentSession, @Ctx() { loaders }: RequestContext): Promise<string | null> {
    return (await standOf(payment, loaders)).statusDetails ?? null;
  }

  @FieldResolver(() => GraphQLDateTime, {
    nullable: true,
    description:
      'When Flinks last answered a look-up of this payment, UTC. Null when it was never looked up, as a request that Flinks e-mailed cannot be.',
  })
  async statusCheckedAt(@Root() payment: PaymentSession, @Ctx() { loaders }: RequestContext): Promise<Date | null> {
    return (await standOf(payment, loaders)).statusCheckedAt ?? null;
  }

  @FieldResolver(() => Boolean, { description: 'True from ACCEPTED on: the money is certain to come.' })
  async fundsGuaranteed(@Root() payment: PaymentSession, @Ctx() { loaders }: RequestContext): Promise<boolean> {
    return areFundsGuaranteed((await standOf(payment, loaders)).status);
  }

  @FieldResolver(() => PaymentFailure, {
    nullable: true,
    description: 'Why the payment came to nothing; null when it did not.',
  })
  async failure(@Root() payment: PaymentSession, @Ctx() { loaders }: RequestContext): Promise<PaymentFailure | null> {
    return PaymentFailure.of(await standOf(payment, loaders));
  }

  @FieldResolver(() => GraphQLDateTime, { description: 'When the status was last set, UTC.' })
  async updatedAt(@Root() payment: PaymentSession, @Ctx() { loaders }: RequestContext): Promise<Date> {
    return (await standOf(payment, loaders)).updatedAt;
  }

  @FieldResolver(() => [PaymentSessionEvent], {
    description: 'Every status that the payment took, and every word that contradicted it, oldest first.',
  })
  async events(@Root() payment: PaymentSession, @Ctx() { loaders }: RequestContext): Promise<PaymentSessionEvent[]> {
    const { id } = await standOf(payment, loaders);
    return (await loaders.events.load(id)).map((event) => PaymentSessionEvent.of(event));
  }
}

/** What the fields that change in the payment's life are read from. */
async function standOf(
  { stored, isAsTold }: PaymentSession,
  { current }: PaymentLoaders,
): Promise<DomainPaymentSession> {
  return isAsTold ? stored : current.load(stored);
}
