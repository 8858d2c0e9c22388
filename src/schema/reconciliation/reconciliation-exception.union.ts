import { GraphQLDateTime } from 'graphql-scalars';
import { Field, ObjectType, createUnionType } from 'type-graphql';
import { PAYMENT_READ_SCOPES } from '../../domain/api-client.js';
import type { PaymentSessionEventSource } from '../../domain/payment.js';
import type { RowField } from '../../domain/reconciliation.js';
import { enumType } from '../typegraphql.js';
import { PaymentSessionEventSourceEnum, PaymentSessionEvent } from '../payment/payment-session-event.type.js';
import { PaymentSession } from '../payment/payment-session.type.js';
import { ReconciliationRow } from './reconciliation-row.type.js';
import { Backoffice, RequiresScope } from '../subgraph/directives.js';

const ReconciliationFieldEnum = enumType<RowField>({
  name: 'ReconciliationField',
  description: 'A field of a row or status update that differs from the payment, or cannot be read.',
  values: {
    COLUMN_COUNT: 'The row has more or fewer columns than the header.',
    PAYMENT_REQUEST_ID: "Flinks's id of the payment request.",
    SESSION_ID: "Flinks's id of the session.",
    REFERENCE_ID: 'Your reference.',
    AMOUNT: 'The amount.',
    CURRENCY: 'The currency, when it is not CAD.',
    CUSTOMER_EMAIL: 'The e-mail address of the payer.',
    STATUS: 'The status.',
    CREATED_AT: 'When the payment was created.',
  },
});

// One query selects fields of all members, so fields with the same name must have the same type and nullability.

const PAYMENT = 'The payment. Null when there is none, or none of yours.';

/** Base of the exceptions about a payment. */
@ObjectType()
abstract class PaymentException {
  @RequiresScope(...PAYMENT_READ_SCOPES)
  @Field(() => PaymentSession, { nullable: true, description: PAYMENT })
  paymentSession!: PaymentSession | undefined;
}

/** Base of the exceptions about a row. */
@ObjectType()
abstract class RowException {
  @Field(() => ReconciliationRow, { description: 'The row of the file.' })
  row!: ReconciliationRow;
}

/** Base of the exceptions about a field of a row. */
@ObjectType()
abstract class FieldException extends RowException {
  @RequiresScope(...PAYMENT_READ_SCOPES)
  @Field(() => PaymentSession, { nullable: true, description: PAYMENT })
  paymentSession!: PaymentSession | undefined;

  @Field(() => ReconciliationFieldEnum, {
    nullable: true,
    description: 'The field that differs or cannot be read. Null when all fields match.',
  })
  field!: RowField | undefined;
}

/** Base of the exceptions about a difference between a row and its payment. */
@ObjectType()
abstract class RowMismatch extends FieldException {
  @Field(() => String, {
    nullable: true,
    description:
      'The value that the gateway recorded, such as "250.00", SETTLED or a reference. For a DuplicateRowException, the value of the row that counts. Null for e-mail addresses, which are not shown here, and when field is null.',
  })
  recordedValue!: string | undefined;

  @Field(() => String, {
    nullable: true,
    description: 'The value that the row reports. Null for e-mail addresses, and when field is null.',
  })
  reportedValue!: string | undefined;
}

@Backoffice()
@ObjectType({ description: 'The file contains a payment that this gateway does not have.' })
export class MissingInGatewayException extends RowException {}

@Backoffice()
@ObjectType({
  description: 'A payment became final on this day, but no file imported so far contains it. A later file may.',
})
export class MissingInFileException extends PaymentException {}

@Backoffice()
@ObjectType({
  description: 'The amount of the row differs from that of the payment. The gateway applied nothing of the row.',
})
export class AmountMismatchException extends RowMismatch {}

@Backoffice()
@ObjectType({
  description:
    'The row identifies a payment by its id, but its reference or e-mail address differs from that of the payment. The gateway applied nothing of the row. Visible with the scope backoffice:read only, since the row may belong to another client.',
})
export class IdentityMismatchException extends RowMismatch {}

@Backoffice()
@ObjectType({
  description: 'The row reports a final status that conflicts with the status of the payment in this gateway.',
})
export class StatusMismatchException extends RowMismatch {}

@Backoffice()
@ObjectType({
  description:
    'Another row of the file belongs to the same payment and counts instead: of the rows that match, the one with the most advanced status.',
})
export class DuplicateRowException extends RowMismatch {}

@Backoffice()
@ObjectType({ description: 'The row cannot be processed, because the field named in field cannot be read.' })
export class InvalidRowException extends FieldException {}

@Backoffice()
@ObjectType({ description: 'The row matches several payments, so the gateway assigned it to none of them.' })
export class AmbiguousRowException extends RowException {}

@Backoffice()
@ObjectType({
  description: 'On this day Flinks reported a status that conflicts with one that it had reported before.',
})
export class ConflictingStatusException extends PaymentException {
  @Field(() => PaymentSessionEvent, {
    nullable: true,
    description:
      'The reported status. When it means that money moved, the gateway applied it; otherwise the payment kept its status.',
  })
  event!: PaymentSessionEvent | undefined;

  @Field(() => ReconciliationFieldEnum, { nullable: true, description: 'Always STATUS.' })
  field!: RowField | undefined;

  @Field(() => String, { nullable: true, description: 'The status that the payment had.' })
  recordedValue!: string | undefined;

  @Field(() => String, { nullable: true, description: 'The status that was reported.' })
  reportedValue!: string | undefined;
}

@Backoffice()
@ObjectType({
  description:
    "On this day a webhook, a daily file, or Flinks's response to a lookup or cancellation identified a payment by one of its ids, but with a different reference, amount, currency, e-mail address or other id. The gateway applied nothing of it. Each combination of payment, source, field and value is listed once, on the day of its first occurrence. Visible with the scope backoffice:read only, since the update may belong to another client.",
})
export class UpdateMismatchException extends PaymentException {
  @Field(() => PaymentSessionEventSourceEnum, { description: 'Where the update came from.' })
  source!: PaymentSessionEventSource;

  @Field(() => GraphQLDateTime, { description: 'When the gateway first recorded the mismatch, UTC.' })
  recordedAt!: Date;

  @Field(() => ReconciliationFieldEnum, {
    nullable: true,
    description: 'The field that differs. Never null in this type.',
  })
  field!: RowField | undefined;

  @Field(() => String, {
    nullable: true,
    description:
      'The value of the payment. Null for session ids and e-mail addresses, which are not shown here, and when the payment has none.',
  })
  recordedValue!: string | undefined;

  @Field(() => String, {
    nullable: true,
    description:
      'The reported value. Null for session ids and e-mail addresses, and when it cannot be read. May be null when the update contained ids of several payments.',
  })
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
