import { Int } from 'type-graphql';
import { isBalanced } from '../../domain/reconciliation.js';
import type { ImportChanges, ReconciliationReport as DomainDay, Total } from '../../domain/reconciliation.js';
import { DateScalar, DateTimeScalar, intOf } from '../scalars/scalars.js';
import { PaymentAmount } from '../payment/payment-amount.type.js';
import { BackofficeType, RequiresScope } from '../subgraph/directives.js';
import { Field, NullableField, allOf, instance } from '../typegraphql.js';

/** A field about the payments of all clients. Nullable, so that a router may leave it out and return the rest. */
function BackofficeField(type: () => object, description: string): PropertyDecorator {
  return allOf(RequiresScope('backoffice:read'), NullableField(type, description));
}

@BackofficeType('A number of payments and their total amount.')
export class ReconciliationTotal {
  @Field(() => Int, 'The number of payments.')
  count!: number;
  @Field(() => PaymentAmount, 'Their total amount.')
  amount!: PaymentAmount;

  /** Converts a total of the domain. */
  static of({ count, amountMinor }: Total): ReconciliationTotal {
    return instance(ReconciliationTotal, {
      count: intOf(count),
      amount: PaymentAmount.of({ amountMinor, currency: 'CAD' }),
    });
  }
}

@BackofficeType(
  "The differences between the day's current file and the file that was imported for the same day before.",
)
export class ReconciliationImportChanges {
  @Field(() => Int, 'The number of rows that the previous file did not contain.')
  rowsAdded!: number;
  @Field(() => Int, 'The number of rows of the previous file that the current file does not contain.')
  rowsRemoved!: number;

  /** Converts the changes between two imports. */
  static of({ rowsAdded, rowsRemoved }: ImportChanges): ReconciliationImportChanges {
    return instance(ReconciliationImportChanges, { rowsAdded: intOf(rowsAdded), rowsRemoved: intOf(rowsRemoved) });
  }
}

@BackofficeType(
  "The result of reconciling Flinks's daily file of one day with the payments of this gateway. Days are those of the time zone that an operator configured (RECONCILIATION_TIME_ZONE).",
)
export class ReconciliationReport {
  @Field(() => DateScalar, 'The day of the file.')
  date!: string;
  @Field(() => DateTimeScalar, "When the day's file was last imported, UTC.")
  importedAt!: Date;
  @BackofficeField(() => Int, 'The number of rows of the file.')
  rowCount!: number;
  @BackofficeField(() => Int, 'The number of rows that match a payment and brought no new status.')
  matchedCount!: number;

  @BackofficeField(
    () => Int,
    'The number of rows that match a payment and brought a status that nothing else had reported before, which the payment took.',
  )
  lateUpdateCount!: number;

  @BackofficeField(() => Int, 'The number of exceptions as of now: it can change after the import.')
  exceptionCount!: number;
  @BackofficeField(() => ReconciliationTotal, "The number and total amount of the file's rows with status SETTLED.")
  settledInFile!: ReconciliationTotal;

  @BackofficeField(
    () => ReconciliationTotal,
    'The number and total amount of the payments with status SETTLED in this gateway: those that this file reports as settled, and those that were settled on this day and that no file reports as settled.',
  )
  settledInGateway!: ReconciliationTotal;

  @BackofficeField(() => Boolean, 'True when there are no exceptions and settledInFile equals settledInGateway.')
  isBalanced!: boolean;

  @BackofficeField(
    () => ReconciliationImportChanges,
    'How the current file differs from the file imported before it for the same day. Null when only one file was imported, or when the data key of the previous import is no longer configured.',
  )
  changesSincePreviousImport!: ReconciliationImportChanges | undefined;

  /** Converts a day of the domain. */
  static of(day: DomainDay): ReconciliationReport {
    const { changesSincePreviousImport: changes } = day;
    return instance(ReconciliationReport, {
      date: day.day,
      importedAt: day.importedAt,
      rowCount: intOf(day.rowCount),
      matchedCount: intOf(day.matchedCount),
      lateUpdateCount: intOf(day.lateUpdateCount),
      exceptionCount: intOf(day.exceptionCount),
      settledInFile: ReconciliationTotal.of(day.settledInFile),
      settledInGateway: ReconciliationTotal.of(day.settledInGateway),
      isBalanced: isBalanced(day),
      changesSincePreviousImport: changes && ReconciliationImportChanges.of(changes),
    });
  }
}
