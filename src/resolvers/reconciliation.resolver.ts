import { Arg, Args, Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import { ownerSeenBy } from '../domain/caller.js';
import type { Owner } from '../domain/caller.js';
import type { ReconciliationDay as DomainDay, ReconciliationException } from '../domain/reconciliation.js';
import { DateScalar } from '../schema/date.scalar.js';
import { ReconciliationDay } from '../schema/reconciliation-day.type.js';
import {
  ReconciliationExceptionConnection,
  exceptionKeyAt,
} from '../schema/reconciliation-exception-connection.type.js';
import { toException } from '../schema/reconciliation-exceptions.js';
import { ReconciliationExceptionsArgs } from '../schema/reconciliation.args.js';
import { refuseBrokenRules } from './refuse-broken-rules.js';
import type { RequestContext } from './request-context.js';
import { Backoffice, RequiresScope } from '../schema/directives.js';

/** What days came to. */
export interface Reconciliation {
  findDay(day: string): Promise<DomainDay | undefined>;
  findExceptions(
    owner: Owner,
    day: string,
    first: number,
    after?: ReconciliationException['key'],
  ): Promise<ReconciliationException[]>;
}

@Resolver(() => ReconciliationDay)
export class ReconciliationResolver {
  constructor(private readonly days: Reconciliation) {}

  @Backoffice()
  @RequiresScope('reconciliation:read', 'backoffice:read')
  @Query(() => ReconciliationDay, {
    nullable: true,
    description:
      "What Flinks's daily file of a day came to: of your payments, or with backoffice:read of all. Null while no file of the day was imported.",
  })
  async reconciliation(
    @Arg('date', () => DateScalar, { description: 'The day.' }) date: string,
  ): Promise<ReconciliationDay | null> {
    const day = await this.days.findDay(date);
    return day === undefined ? null : ReconciliationDay.of(day);
  }

  @FieldResolver(() => ReconciliationExceptionConnection, {
    description:
      'What does not add up, of your payments or with backoffice:read of all, a page at a time, in an order that does not depend on that of the file.',
  })
  async exceptions(
    @Root() { date }: ReconciliationDay,
    @Args(() => ReconciliationExceptionsArgs, { validateFn: refuseBrokenRules })
    { first, after }: ReconciliationExceptionsArgs,
    @Ctx() context: RequestContext,
  ): Promise<ReconciliationExceptionConnection> {
    const key = after == null ? undefined : exceptionKeyAt(after);
    const found = await this.days.findExceptions(ownerSeenBy(context.caller), date, first + 1, key);
    const nodes = await Promise.all(found.slice(0, first).map((exception) => toNode(exception, context)));
    return ReconciliationExceptionConnection.of(nodes, found.length > first, after ?? undefined);
  }
}

async function toNode(exception: ReconciliationException, { loaders }: RequestContext) {
  const { key, kind, paymentId } = exception;
  const payment = paymentId === undefined ? undefined : await loaders.payments.load(paymentId);
  const events = payment === undefined || kind !== 'CONTRADICTING_STATUS' ? [] : await loaders.events.load(payment.id);
  return { key, node: toException(exception, { payment, events }) };
}
