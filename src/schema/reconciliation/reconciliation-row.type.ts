import { ID } from 'type-graphql';
import type { PaymentSessionStatus } from '../../domain/payment-status.js';
import type { ReportRow } from '../../domain/reconciliation.js';
import type { Sensitive } from '../../domain/sensitive.js';
import { PaymentAmount } from '../payment/payment-amount.type.js';
import { PaymentSessionStatusEnum } from '../payment/payment-session.type.js';
import { DateTimeScalar } from '../scalars/scalars.js';
import { BackofficeType, RequiresScope } from '../subgraph/directives.js';
import { NullableField, instance } from '../typegraphql.js';

@BackofficeType("A row of Flinks's daily file, as far as the gateway can read it.")
export class ReconciliationRow {
  @NullableField(() => ID, "Flinks's id of the payment request. Null when the row has none.")
  flinksPaymentRequestId!: string | undefined;
  @NullableField(
    () => ID,
    'The reference in the row. If it is the reference of the matched payment, it is shown as the client sent it, without the suffix that the gateway may have added. Null when the row has none.',
  )
  referenceId!: string | undefined;
  @NullableField(() => PaymentAmount, 'The amount. Null when it cannot be read.')
  amount!: PaymentAmount | undefined;
  @NullableField(() => PaymentSessionStatusEnum, 'The status. Null when the gateway does not recognize it.')
  status!: PaymentSessionStatus | undefined;
  @NullableField(() => String, 'What Flinks said about the status, such as a code. Null when Flinks said nothing.')
  providerStatusDetails!: string | undefined;

  // The row may belong to a payment of another client with the same reference.
  @RequiresScope('backoffice:read')
  @NullableField(() => String, 'Name of the payer. Null when the row has none, and after the retention period.')
  customerName!: string | undefined;

  @RequiresScope('backoffice:read')
  @NullableField(
    () => String,
    'E-mail address of the payer. Null when the row has none, and after the retention period.',
  )
  customerEmail!: string | undefined;

  @NullableField(
    () => DateTimeScalar,
    'When the payment was created, UTC. If the row has a date without a time, this is 12:00 on that day in the time zone of the report. Null when the row has no date.',
  )
  createdAt!: Date | undefined;

  /** Converts a row of the domain. */
  static of({ amountMinor, payer, ...row }: ReportRow): ReconciliationRow {
    // graphql-js throws an error at the path of an unreadable field: a null could be mistaken for "the row has none".
    const readable = (text: Sensitive<string> | undefined): string | undefined =>
      payer.isUnreadable === true
        ? (new Error(`the payer of line ${row.line} cannot be read`) as never)
        : text?.reveal();
    return instance(ReconciliationRow, {
      flinksPaymentRequestId: row.paymentRequestId,
      referenceId: row.referenceId,
      amount: amountMinor === undefined ? undefined : PaymentAmount.of({ amountMinor, currency: 'CAD' }),
      status: row.status,
      providerStatusDetails: row.statusDetails,
      customerName: readable(payer.name),
      customerEmail: readable(payer.email),
      createdAt: row.createdAt,
    });
  }
}
