import { GraphQLDateTime } from 'graphql-scalars';
import { Field, Int, ObjectType } from 'type-graphql';
import { isBalanced } from '../domain/reconciliation.js';
import type { FileDifference, ReconciliationDay as DomainDay, Total } from '../domain/reconciliation.js';
import { DateScalar } from './date.scalar.js';
import { intOf } from './int.js';
import { Money } from './money.type.js';
import { Backoffice, RequiresScope } from './directives.js';

/** What is of all payments together. Such fields may be null: a router that takes them out for a caller leaves the rest. */
const ForBackoffice = () => RequiresScope('backoffice:read');

@Backoffice()
@ObjectType({ description: 'How many payments, and how much together.' })
export class ReconciliationTotal {
  @Field(() => Int, { description: 'How many.' })
  count!: number;

  @Field(() => Money, { description: 'How much together.' })
  amount!: Money;

  static of({ count, amountMinor }: Total): ReconciliationTotal {
    return Object.assign(new ReconciliationTotal(), {
      count: intOf(count),
      amount: Money.of({ amountMinor, currency: 'CAD' }),
    });
  }
}

@Backoffice()
@ObjectType({ description: 'How the file of a day differs from the one that was imported for the day before it.' })
export class ReconciliationDifference {
  @Field(() => Int, { description: 'Rows that the file before had not.' })
  rowsAdded!: number;

  @Field(() => Int, { description: 'Rows that the file before had.' })
  rowsGone!: number;

  static of({ rowsAdded, rowsGone }: FileDifference): ReconciliationDifference {
    return Object.assign(new ReconciliationDifference(), { rowsAdded: intOf(rowsAdded), rowsGone: intOf(rowsGone) });
  }
}

@Backoffice()
@ObjectType({ description: "A day by Flinks's daily file, in the time zone of RECONCILIATION_TIME_ZONE." })
export class ReconciliationDay {
  @Field(() => DateScalar, { description: 'The day.' })
  date!: string;

  @Field(() => GraphQLDateTime, { description: 'When its file was last imported, UTC.' })
  importedAt!: Date;

  @ForBackoffice()
  @Field(() => Int, { nullable: true, description: 'Rows of the file.' })
  rows!: number;

  @ForBackoffice()
  @Field(() => Int, { nullable: true, description: 'Rows that agree with a payment, and told nothing new.' })
  matched!: number;

  @ForBackoffice()
  @Field(() => Int, {
    nullable: true,
    description: 'Rows that agree with a payment, and told how it went on before anybody else did.',
  })
  lateNews!: number;

  @ForBackoffice()
  @Field(() => Int, { nullable: true, description: 'How many exceptions there are now.' })
  exceptionCount!: number;

  @ForBackoffice()
  @Field(() => ReconciliationTotal, { nullable: true, description: 'The rows that are settled.' })
  settledRows!: ReconciliationTotal;

  @ForBackoffice()
  @Field(() => ReconciliationTotal, {
    nullable: true,
    description:
      'The payments that are settled here: those that this file has as settled, and those that were settled on this day and that no file has as settled.',
  })
  settledPayments!: ReconciliationTotal;

  @ForBackoffice()
  @Field(() => Boolean, {
    nullable: true,
    description: "The day's proof: no exceptions, and settledRows equals settledPayments.",
  })
  balanced!: boolean;

  @ForBackoffice()
  @Field(() => ReconciliationDifference, {
    nullable: true,
    description: 'What the last other file of the day changed. Null when the day has had one file only.',
  })
  difference!: ReconciliationDifference | null;

  static of(day: DomainDay): ReconciliationDay {
    return Object.assign(new ReconciliationDay(), {
      date: day.day,
      importedAt: day.importedAt,
      rows: intOf(day.rows),
      matched: intOf(day.matched),
      lateNews: intOf(day.lateNews),
      exceptionCount: intOf(day.exceptionCount),
      settledRows: ReconciliationTotal.of(day.settledRows),
      settledPayments: ReconciliationTotal.of(day.settledPayments),
      balanced: isBalanced(day),
      difference: day.difference === undefined ? null : ReconciliationDifference.of(day.difference),
    });
  }
}
