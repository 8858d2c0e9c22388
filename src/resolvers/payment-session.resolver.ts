import { Args, Ctx, FieldResolver, Query, Resolver, Root, createParameterDecorator } from 'type-graphql';
import type { ResolverData } from 'type-graphql';
import { PAYMENT_READ_SCOPES, visibleOwner } from '../domain/api-client.js';
import type { Owner } from '../domain/api-client.js';
import type {
  PaymentFilter,
  PaymentPage,
  PaymentPosition,
  PaymentSession as DomainPaymentSession,
} from '../domain/payment.js';
import { areFundsGuaranteed } from '../domain/payment-status.js';
import type { PaymentSessionStatus } from '../domain/payment-status.js';
import { isUnreadable, unreadableError } from '../domain/payment.js';
import type { Sensitive } from '../domain/sensitive.js';
import { PaymentFailure } from '../schema/payment/payment-failure.type.js';
import {
  PaymentSessionConnection,
  PaymentSessionsArgs,
  positionFromCursor,
} from '../schema/payment/payment-list.type.js';
import type { PaymentSessionFilter } from '../schema/payment/payment-list.type.js';
import { PaymentSessionEvent } from '../schema/payment/payment-session-event.type.js';
import {
  PaymentSessionStatusEnum,
  PaymentSession,
  PaymentSessionArgs,
} from '../schema/payment/payment-session.type.js';
import { idOf, optionalIdOf } from '../schema/scalars/id.scalar.js';
import { DateTimeScalar } from '../schema/scalars/scalars.js';
import { RequiresScope } from '../schema/subgraph/directives.js';
import { rejectInvalidArgs } from './graphql-errors.js';
import type { RequestContext } from './request-context.js';

/** Lists up to `first` payments of an owner that match the filter and follow a position, newest first. */
export type ListPayments = (
  owner: Owner,
  filter: PaymentFilter,
  first: number,
  after: PaymentPosition | undefined,
) => Promise<PaymentPage>;

/** Returns the URL of the payment page of a Flinks session. */
export type PaymentUrl = (sessionId: Sensitive<string>) => Sensitive<string>;

/** Injects the payment in its current state: refreshed first if its status is stale, unless it is a snapshot. */
const CurrentPayment = () =>
  createParameterDecorator(({ root, context }: ResolverData<RequestContext>) => {
    const { source, isSnapshot } = root as PaymentSession;
    return isSnapshot ? source : context.loaders.current.load(source);
  });

/** Resolves a payment, lists of payments, and the fields of a payment that depend on its current state. */
@Resolver(() => PaymentSession)
export class PaymentSessionResolver {
  constructor(
    private readonly listPayments: ListPayments,
    private readonly paymentUrlOf: PaymentUrl,
  ) {}

  @RequiresScope(...PAYMENT_READ_SCOPES)
  @Query(() => PaymentSessionConnection, {
    description:
      'Lists your payments, newest first, in pages; with the scope backoffice:read, it lists the payments of all clients. Each payment appears once, even if payments are created while you page. A page of your own payments takes the same time, however long the list is and however far you have paged. Fails with BAD_USER_INPUT when an argument is invalid.',
  })
  async paymentSessions(
    @Args(() => PaymentSessionsArgs, { validateFn: rejectInvalidArgs }) { filter, first, after }: PaymentSessionsArgs,
    @Ctx() { client }: RequestContext,
  ): Promise<PaymentSessionConnection> {
    const position = after == null ? undefined : positionFromCursor(after);
    const page = await this.listPayments(visibleOwner(client), toFilter(filter), first, position);
    return PaymentSessionConnection.of(page, after ?? undefined);
  }

  @RequiresScope(...PAYMENT_READ_SCOPES)
  @Query(() => PaymentSession, {
    nullable: true,
    description:
      'Returns one of your payments by its id; with the scope backoffice:read, a payment of any client. Null when there is none.',
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
      'The URL of the payment page, hosted by Flinks, to which you send the payer. Null until Flinks has returned the id of the Flinks session, and after the retention period. Anybody who has the URL can open the page: treat it as a password.',
  })
  paymentUrl(@Root() { source }: PaymentSession): string | null {
    if (isUnreadable(source, 'sessionId')) throw unreadableError(source.id, 'sessionId');
    return source.sessionId === undefined ? null : this.paymentUrlOf(source.sessionId).reveal();
  }

  @FieldResolver(() => PaymentSessionStatusEnum, {
    description:
      'The current status. If the payment is not final and its stored status is older than STATUS_STALE_AFTER (30 seconds by default), the gateway first looks it up at Flinks and waits up to 3 seconds; statusCheckedAt shows whether Flinks responded.',
  })
  status(@CurrentPayment() { status }: DomainPaymentSession): PaymentSessionStatus {
    return status;
  }

  @FieldResolver(() => String, {
    nullable: true,
    description:
      'What Flinks said about the status, such as an error code or an undocumented status. Null when Flinks said nothing.',
  })
  providerStatusDetails(@CurrentPayment() { statusDetails }: DomainPaymentSession): string | undefined {
    return statusDetails;
  }

  @FieldResolver(() => DateTimeScalar, {
    nullable: true,
    description:
      'When Flinks last responded to a status lookup of this payment, UTC. Null when the gateway never looked it up; e-mailed payments usually cannot be looked up.',
  })
  statusCheckedAt(@CurrentPayment() { statusCheckedAt }: DomainPaymentSession): Date | undefined {
    return statusCheckedAt;
  }

  @FieldResolver(() => Boolean, {
    description: 'Whether Flinks guarantees the money: true for the statuses ACCEPTED, PROCESSED and SETTLED.',
  })
  fundsGuaranteed(@CurrentPayment() { status }: DomainPaymentSession): boolean {
    return areFundsGuaranteed(status);
  }

  @FieldResolver(() => PaymentFailure, {
    nullable: true,
    description: 'Why the payment was not completed. Null unless the status is EXPIRED, CANCELLED, DECLINED or FAILED.',
  })
  failure(@CurrentPayment() payment: DomainPaymentSession): PaymentFailure | null {
    return PaymentFailure.of(payment);
  }

  @FieldResolver(() => DateTimeScalar, { description: 'When the status last changed, UTC.' })
  updatedAt(@CurrentPayment() { updatedAt }: DomainPaymentSession): Date {
    return updatedAt;
  }

  @FieldResolver(() => [PaymentSessionEvent], {
    description: 'All status changes of the payment and all conflicting status updates, oldest first.',
  })
  async events(
    @CurrentPayment() { id }: DomainPaymentSession,
    @Ctx() { loaders }: RequestContext,
  ): Promise<PaymentSessionEvent[]> {
    return (await loaders.events.load(id)).map((event) => PaymentSessionEvent.of(event));
  }
}

function toFilter(filter: PaymentSessionFilter | null | undefined): PaymentFilter {
  return {
    referenceId: optionalIdOf(filter?.referenceId),
    userId: optionalIdOf(filter?.userId),
    status: filter?.status ?? undefined,
    deliveryMethod: filter?.deliveryMethod ?? undefined,
    createdFrom: filter?.createdFrom ?? undefined,
    createdBefore: filter?.createdBefore ?? undefined,
  };
}
