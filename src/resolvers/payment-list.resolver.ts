import { Args, Ctx, Query, Resolver } from 'type-graphql';
import { PAYMENT_READ_SCOPES, visibleOwner } from '../domain/api-client.js';
import type { Owner } from '../domain/api-client.js';
import type { PaymentFilter, PaymentPage, PaymentPosition } from '../domain/payment.js';
import { PaymentSessionConnection, positionFromCursor } from '../schema/payment/payment-session-connection.type.js';
import { PaymentSessionsArgs } from '../schema/payment/payment-sessions.args.js';
import type { PaymentSessionFilter } from '../schema/payment/payment-sessions.args.js';
import { optionalIdOf } from '../schema/scalars/id.scalar.js';
import { rejectInvalidArgs } from './reject-invalid-args.js';
import type { RequestContext } from './request-context.js';
import { RequiresScope } from '../schema/subgraph/directives.js';

/** Lists up to `first` payments of an owner that match the filter and follow a position, newest first. */
export type ListPayments = (
  owner: Owner,
  filter: PaymentFilter,
  first: number,
  after: PaymentPosition | undefined,
) => Promise<PaymentPage>;

/** Resolves lists of payments. */
@Resolver()
export class PaymentListResolver {
  constructor(private readonly listPayments: ListPayments) {}

  @RequiresScope(...PAYMENT_READ_SCOPES)
  @Query(() => PaymentSessionConnection, {
    description:
      'Lists your payments, newest first, in pages; with the scope backoffice:read, those of all clients. Pages are stable: each payment appears once, even if new payments are created while you page. A page of your own payments takes the same time at any length of the list and at any depth.',
  })
  async paymentSessions(
    @Args(() => PaymentSessionsArgs, { validateFn: rejectInvalidArgs }) { filter, first, after }: PaymentSessionsArgs,
    @Ctx() { client }: RequestContext,
  ): Promise<PaymentSessionConnection> {
    const position = after == null ? undefined : positionFromCursor(after);
    const page = await this.listPayments(visibleOwner(client), toFilter(filter), first, position);
    return PaymentSessionConnection.of(page, after ?? undefined);
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
