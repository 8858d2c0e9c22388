import { ObjectType, createUnionType } from 'type-graphql';
import { PAYMENT_READ_SCOPES } from '../../domain/api-client.js';
import type { PaymentSessionEventSource } from '../../domain/payment.js';
import type { RowField } from '../../domain/reconciliation.js';
import { DateTimeScalar } from '../scalars/scalars.js';
import { Field, NullableField, enumType } from '../typegraphql.js';
import { PaymentSessionEventSourceEnum, PaymentSessionEvent } from '../payment/payment-session-event.type.js';
import { PaymentSession } from '../payment/payment-session.type.js';
import { ReconciliationRow } from './reconciliation-row.type.js';
import { BackofficeType, RequiresScope } from '../subgraph/directives.js';

const ReconciliationFieldEnum = enumType<RowField>({
  name: 'ReconciliationField',
  description: 'A field of a row or status update that differs from the payment, or cannot be read.',
  values: {
    COLUMN_COUNT: 'The row has more or fewer columns than the header.',
    PAYMENT_REQUEST_ID: "Flinks's id of the payment request.",
    SESSION_ID: 'The id of the Flinks session.',
    REFERENCE_ID: 'Your reference.',
    AMOUNT: 'The amount.',
    CURRENCY: 'The currency, when it is not CAD.',
    CUSTOMER_EMAIL: 'The e-mail address of the payer.',
    STATUS: 'The status.',
    CREATED_AT: 'When the payment was created.',
  },
});

// One query selects fields of all members, so fields with the same name must have the same type and nullability.

const PAYMENT = 'The payment. Null when no payment is known, or when it belongs to another client.';

/** Base of the exceptions about a payment. */
@ObjectType()
abstract class PaymentException {
  @RequiresScope(...PAYMENT_READ_SCOPES)
  @NullableField(() => PaymentSession, PAYMENT)
  paymentSession!: PaymentSession | undefined;
}

/** Base of the exceptions about a row. */
@ObjectType()
abstract class RowException {
  @Field(() => ReconciliationRow, 'The row of the file.')
  row!: ReconciliationRow;
}

/** Base of the exceptions about a row and its payment. */
@ObjectType()
abstract class MatchedRowException extends RowException {
  @RequiresScope(...PAYMENT_READ_SCOPES)
  @NullableField(() => PaymentSession, PAYMENT)
  paymentSession!: PaymentSession | undefined;
}

/** Makes the base of an exception about a difference. The texts describe its fields. */
function RowMismatch(fieldText: string, recordedText: string, reportedText: string) {
  @ObjectType()
  abstract class Mismatch extends MatchedRowException {
    @NullableField(() => ReconciliationFieldEnum, fieldText)
    field!: RowField | undefined;
    @NullableField(() => String, recordedText)
    recordedValue!: string | undefined;
    @NullableField(() => String, reportedText)
    reportedValue!: string | undefined;
  }
  return Mismatch;
}

@BackofficeType('The file contains a payment that this gateway does not have.')
export class MissingInGatewayException extends RowException {}

@BackofficeType('A payment became final on this day, but no file imported so far contains it. A later file may.')
export class MissingInFileException extends PaymentException {}

@BackofficeType('The amount of the row differs from that of the payment. The gateway applied nothing of the row.')
export class AmountMismatchException extends RowMismatch(
  'Always AMOUNT.',
  'The amount of the payment, such as "250.00".',
  'The amount of the row.',
) {}

@BackofficeType(
  'The row identifies a payment by its id, but its reference or e-mail address differs from that of the payment. The gateway applied nothing of the row. Visible with the scope backoffice:read only, since the row may belong to another client.',
)
export class IdentityMismatchException extends RowMismatch(
  'The field that differs: REFERENCE_ID or CUSTOMER_EMAIL; PAYMENT_REQUEST_ID when the id belongs to several payments.',
  'The value of the payment. Null for e-mail addresses, which are not shown here.',
  'The value of the row. Null for e-mail addresses.',
) {}

@BackofficeType(
  'The row reports a final status that conflicts with the status of the payment in this gateway, which ranks higher. The payment kept its status.',
)
export class StatusMismatchException extends RowMismatch(
  'Always STATUS.',
  'The status of the payment.',
  'The status of the row.',
) {}

@BackofficeType(
  'Another row of the file belongs to the same payment and counts instead: among the rows with the right amount, the one whose status ranks highest.',
)
export class DuplicateRowException extends RowMismatch(
  'The field that differs between the two rows, AMOUNT or STATUS. Null when both are equal.',
  'The value of the row that counts. Null when field is null.',
  'The value of this row. Null when field is null.',
) {}

@BackofficeType('The row cannot be processed, because the field named in field cannot be read.')
export class InvalidRowException extends MatchedRowException {
  @NullableField(() => ReconciliationFieldEnum, 'The field that cannot be read.')
  field!: RowField | undefined;
}

@BackofficeType('The row matches several payments, so the gateway assigned it to none of them.')
export class AmbiguousRowException extends RowException {}

@BackofficeType('On this day Flinks reported a status that conflicts with one that it had reported before.')
export class ConflictingStatusException extends PaymentException {
  @NullableField(
    () => PaymentSessionEvent,
    'The event that records the reported status. Its field applied says what the gateway did: if it is true, the payment took the reported status, which ranks higher; if it is false, the payment kept its status. Null when you may not read the payment.',
  )
  event!: PaymentSessionEvent | undefined;

  @NullableField(() => ReconciliationFieldEnum, 'Always STATUS.')
  field!: RowField | undefined;
  @NullableField(() => String, 'The status that the payment had.')
  recordedValue!: string | undefined;
  @NullableField(() => String, 'The status that was reported.')
  reportedValue!: string | undefined;
}

@BackofficeType(
  "On this day a webhook, a daily file, or Flinks's response to a lookup or cancellation identified a payment by one of its ids, but with a different reference, amount, currency, e-mail address or other id. The gateway applied nothing of it. Each combination of payment, source, field and value is listed once, on the day of its first occurrence. Visible with the scope backoffice:read only, since the update may belong to another client.",
)
export class UpdateMismatchException extends PaymentException {
  @Field(() => PaymentSessionEventSourceEnum, 'Where the update came from.')
  source!: PaymentSessionEventSource;
  @Field(() => DateTimeScalar, 'When the gateway first recorded the mismatch, UTC.')
  recordedAt!: Date;
  @NullableField(() => ReconciliationFieldEnum, 'The field that differs. Never null in this type.')
  field!: RowField | undefined;

  @NullableField(
    () => String,
    'The value of the payment. Null for session ids and e-mail addresses, which are not shown here, and when the payment has none.',
  )
  recordedValue!: string | undefined;

  @NullableField(
    () => String,
    'The reported value. Null for session ids and e-mail addresses, and when it cannot be read. May be null when the update contained ids of several payments.',
  )
  reportedValue!: string | undefined;
}

/** Resolvers return instances, because TypeGraphQL distinguishes the members of a union by class. */
export const ReconciliationException = createUnionType({
  name: 'ReconciliationException',
  description: "A discrepancy between a day's file and the payments of this gateway.",
  types: () =>
    [
      MissingInGatewayException,
      MissingInFileException,
      AmountMismatchException,
      IdentityMismatchException,
      StatusMismatchException,
      DuplicateRowException,
      InvalidRowException,
      AmbiguousRowException,
      ConflictingStatusException,
      UpdateMismatchException,
    ] as const,
});
