import { Arg, Args, Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import { visibleOwner } from '../domain/api-client.js';
import type { Owner } from '../domain/api-client.js';
import type { ReconciliationReport as DomainDay, ReconciliationException } from '../domain/reconciliation.js';
import { toException } from '../schema/reconciliation/reconciliation-exception-mapper.js';
import {
  ReconciliationExceptionConnection,
  ReconciliationExceptionsArgs,
  exceptionKeyAt,
} from '../schema/reconciliation/reconciliation-exception-list.type.js';
import { ReconciliationReport } from '../schema/reconciliation/reconciliation-report.type.js';
import { DateScalar } from '../schema/scalars/scalars.js';
import { Backoffice, RequiresScope } from '../schema/subgraph/directives.js';
import { rejectInvalidArgs } from './graphql-errors.js';
import type { RequestContext } from './request-context.js';

/** Reads the reports of imported days. */
export interface Reconciliation {
  /** The report of a day; undefined if no file of that day was imported. */
  findDay(day: string): Promise<DomainDay | undefined>;
  /** Up to `first` exceptions of an owner's payments that follow the key `after`. */
  findExceptions(
    owner: Owner,
    day: string,
    first: number,
    after?: ReconciliationException['key'],
  ): Promise<ReconciliationException[]>;
}

/** Resolves reconciliation reports and their exceptions. */
@Resolver(() => ReconciliationReport)
export class ReconciliationResolver {
  constructor(private readonly days: Reconciliation) {}

  @Backoffice()
  @RequiresScope('reconciliation:read', 'backoffice:read')
  @Query(() => ReconciliationReport, {
    nullable: true,
    description:
      "Returns the result of reconciling Flinks's daily file of a day. With the scope reconciliation:read, you see the exceptions of your own payments; with backoffice:read, everything. Null until a file of that day has been imported.",
  })
  async reconciliationReport(
    @Arg('date', () => DateScalar, { description: 'The day of the file.' }) date: string,
  ): Promise<ReconciliationReport | null> {
    const day = await this.days.findDay(date);
    return day === undefined ? null : ReconciliationReport.of(day);
  }

  @FieldResolver(() => ReconciliationExceptionConnection, {
    description:
      'The discrepancies of your payments, or of all payments with the scope backoffice:read, in pages. Their order does not depend on the order of the rows in the file.',
  })
  async exceptions(
    @Root() { date }: ReconciliationReport,
    @Args(() => ReconciliationExceptionsArgs, { validateFn: rejectInvalidArgs })
    { first, after }: ReconciliationExceptionsArgs,
    @Ctx() context: RequestContext,
  ): Promise<ReconciliationExceptionConnection> {
    const key = after == null ? undefined : exceptionKeyAt(after);
    const found = await this.days.findExceptions(visibleOwner(context.client), date, first + 1, key);
    const exceptions = await Promise.all(found.slice(0, first).map((exception) => toNode(exception, context)));
    return ReconciliationExceptionConnection.of({ exceptions, hasNextPage: found.length > first }, after ?? undefined);
  }
}

async function toNode(exception: ReconciliationException, { loaders }: RequestContext) {
  const { key, kind, paymentId } = exception;
  const payment = paymentId === undefined ? undefined : await loaders.payments.load(paymentId);
  const events = payment === undefined || kind !== 'CONFLICTING_STATUS' ? [] : await loaders.events.load(payment.id);
  return { key, node: toException(exception, payment, events) };
}
