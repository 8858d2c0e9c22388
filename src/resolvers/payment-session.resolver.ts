import { GraphQLDateTime } from 'graphql-scalars';
import { Args, Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import { PAYMENT_READ_SCOPES } from '../domain/api-client.js';
import { isUnreadable, unreadableError } from '../domain/payment.js';
import type { PaymentSession as DomainPaymentSession } from '../domain/payment.js';
import { areFundsGuaranteed } from '../domain/payment-status.js';
import type { PaymentSessionStatus } from '../domain/payment-status.js';
import type { Sensitive } from '../domain/sensitive.js';
import type { PaymentLoaders } from '../payments/payment-loaders.js';
import { PaymentSessionEvent } from '../schema/payment/payment-session-event.type.js';
import { PaymentFailure } from '../schema/payment/payment-failure.type.js';
import { idOf } from '../schema/scalars/id.scalar.js';
import { PaymentSessionArgs } from '../schema/payment/payment-sessions.args.js';
import { PaymentSession } from '../schema/payment/payment-session.type.js';
import { PaymentSessionStatusEnum } from '../schema/payment/payment-session-status.enum.js';
import { rejectInvalidArgs } from './reject-invalid-args.js';
import type { RequestContext } from './request-context.js';
import { RequiresScope } from '../schema/subgraph/directives.js';

/** Returns the URL of the payment page of a Flinks session. */
export type PaymentUrl = (sessionId: Sensitive<string>) => Sensitive<string>;

/** Resolves a payment and those of its fields that depend on its current state. */
@Resolver(() => PaymentSession)
export class PaymentSessionResolver {
  constructor(private readonly paymentUrlOf: PaymentUrl) {}

  @RequiresScope(...PAYMENT_READ_SCOPES)
  @Query(() => PaymentSession, {
    nullable: true,
    description:
      'Returns one of your payments by its id, in its current state; with the scope backoffice:read, a payment of any client. Null when there is none.',
  })
  async paymentSession(
    @Args(() => PaymentSessionArgs, { validateFn: rejectInvalidArgs }) { id }: PaymentSessionArgs,
    @Ctx() { loaders }: RequestContext,
  ): Promise<PaymentSession | null> {
    const payment = await loaders.payments.load(idOf(id));
    return payment === undefined ? null : PaymentSession.of(payment);
  }

  @FieldResolver(() => String, {
    nullable: true,
    description:
      'The payment page, hosted by Flinks, to which you send the payer. Null until Flinks has created the session. Whoever has it can open the page: treat it as a password.',
  })
  paymentUrl(@Root() { source }: PaymentSession): string | null {
    if (isUnreadable(source, 'sessionId')) throw unreadableError(source.id, 'sessionId');
    return source.sessionId === undefined ? null : this.paymentUrlOf(source.sessionId).reveal();
  }

  @FieldResolver(() => PaymentSessionStatusEnum, {
    description:
      'The status. When the stored status is stale, the gateway queries Flinks first; statusCheckedAt shows whether Flinks responded.',
  })
  async status(@Root() payment: PaymentSession, @Ctx() { loaders }: RequestContext): Promise<PaymentSessionStatus> {
    return (await currentState(payment, loaders)).status;
  }

  @FieldResolver(() => String, {
    nullable: true,
    description:
      'What Flinks said about the status, such as an error code or an undocumented status. Null when it said nothing.',
  })
  async providerStatusDetails(
    @Root() payment: PaymentSession,
    @Ctx() { loaders }: RequestContext,
  ): Promise<string | null> {
    return (await currentState(payment, loaders)).statusDetails ?? null;
  }

  @FieldResolver(() => GraphQLDateTime, {
    nullable: true,
    description:
      'When Flinks last responded to a status lookup of this payment, UTC. Null when the gateway never looked it up; e-mailed requests usually cannot be looked up.',
  })
  async statusCheckedAt(@Root() payment: PaymentSession, @Ctx() { loaders }: RequestContext): Promise<Date | null> {
    return (await currentState(payment, loaders)).statusCheckedAt ?? null;
  }

  @FieldResolver(() => Boolean, { description: 'True from status ACCEPTED on: Flinks guarantees the money.' })
  async fundsGuaranteed(@Root() payment: PaymentSession, @Ctx() { loaders }: RequestContext): Promise<boolean> {
    return areFundsGuaranteed((await currentState(payment, loaders)).status);
  }

  @FieldResolver(() => PaymentFailure, {
    nullable: true,
    description: 'Why the payment was not completed. Null when it was, or still may be.',
  })
  async failure(@Root() payment: PaymentSession, @Ctx() { loaders }: RequestContext): Promise<PaymentFailure | null> {
    return PaymentFailure.of(await currentState(payment, loaders));
  }

  @FieldResolver(() => GraphQLDateTime, { description: 'When the status last changed, UTC.' })
  async updatedAt(@Root() payment: PaymentSession, @Ctx() { loaders }: RequestContext): Promise<Date> {
    return (await currentState(payment, loaders)).updatedAt;
  }

  @FieldResolver(() => [PaymentSessionEvent], {
    description: 'All status changes of the payment and all conflicting status reports, oldest first.',
  })
  async events(@Root() payment: PaymentSession, @Ctx() { loaders }: RequestContext): Promise<PaymentSessionEvent[]> {
    const { id } = await currentState(payment, loaders);
    return (await loaders.events.load(id)).map((event) => PaymentSessionEvent.of(event));
  }
}

/** The payment in its current state: refreshed first if its status is stale, unless it is a snapshot. */
async function currentState(
  { source, isSnapshot }: PaymentSession,
  { current }: PaymentLoaders,
): Promise<DomainPaymentSession> {
  return isSnapshot ? source : current.load(source);
}
