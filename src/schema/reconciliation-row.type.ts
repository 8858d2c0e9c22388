import { GraphQLDateTime } from 'graphql-scalars';
import { Field, ID, ObjectType } from 'type-graphql';
import type { PaymentStatus } from '../domain/payment-status.js';
import type { ReportRow } from '../domain/reconciliation.js';
import type { Sensitive } from '../domain/sensitive.js';
import { Money } from './money.type.js';
import { PaymentStatusEnum } from './payment-status.enum.js';
import { Backoffice, RequiresScope } from './directives.js';

@Backoffice()
@ObjectType({ description: 'A row of a daily file of Flinks, as far as it can be read.' })
export class ReconciliationRow {
  @Field(() => ID, { nullable: true, description: "Flinks's id of the payment request; null where the row has none." })
  paymentRequestId!: string | null;

  @Field(() => ID, { nullable: true, description: 'Your reference; null where the row has none.' })
  referenceId!: string | null;

  @Field(() => Money, { nullable: true, description: 'How much; null where that cannot be read.' })
  amount!: Money | null;

  @Field(() => PaymentStatusEnum, { nullable: true, description: 'The status; null where its word is not known.' })
  status!: PaymentStatus | null;

  @Field(() => String, { nullable: true, description: "Flinks's words on the status, if any." })
  statusDetails!: string | null;

  // A row may be of another's payment that has the same reference.
  @RequiresScope('backoffice:read')
  @Field(() => String, { nullable: true, description: 'Who pays. Null where the row does not say, and once erased.' })
  customerName!: string | null;

  @RequiresScope('backoffice:read')
  @Field(() => String, {
    nullable: true,
    description: 'E-mail address of who pays. Null where the row does not say, and once erased.',
  })
  customerEmail!: string | null;

  @Field(() => GraphQLDateTime, {
    nullable: true,
    description: 'When the payment was asked for, UTC; the middle of the day where the row tells the day only.',
  })
  createdAt!: Date | null;

  static of({ amountMinor, payer, ...row }: ReportRow): ReconciliationRow {
    /** As of a payment: an error at its path, and no null that could pass for "the row does not say". */
    const readable = (text: Sensitive<string> | undefined): string | Error | null =>
      payer.isUnreadable === true
        ? new Error(`the payer of line ${row.line} cannot be read`)
        : (text?.reveal() ?? null);
    return Object.assign(new ReconciliationRow(), {
      paymentRequestId: row.paymentRequestId ?? null,
      referenceId: row.referenceId ?? null,
      amount: amountMinor === undefined ? null : Money.of({ amountMinor, currency: 'CAD' }),
      status: row.status ?? null,
      statusDetails: row.statusDetails ?? null,
      customerName: readable(payer.name),
      customerEmail: readable(payer.email),
      createdAt: row.createdAt ?? null,
    });
  }
}
