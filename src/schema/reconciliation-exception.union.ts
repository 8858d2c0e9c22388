import { GraphQLDateTime } from 'graphql-scalars';
import { Field, ObjectType, createUnionType, registerEnumType } from 'type-graphql';
import { READS_PAYMENTS } from '../domain/caller.js';
import type { PaymentEventSource } from '../domain/payment.js';
import { ROW_FIELDS } from '../domain/reconciliation.js';
import type { RowField } from '../domain/reconciliation.js';
import { enumOf } from './enum-of.js';
import { PaymentEventSourceEnum, PaymentSessionEvent } from './payment-event.type.js';
import { PaymentSession } from './payment-session.type.js';
import { ReconciliationRow } from './reconciliation-row.type.js';
import { Backoffice, RequiresScope } from './directives.js';

const ReconciliationFieldEnum = enumOf(ROW_FIELDS);

registerEnumType(ReconciliationFieldEnum, {
  name: 'ReconciliationField',
  description: 'What of a row differs from the payment, or cannot be read.',
  valuesConfig: {
    CELLS: { description: 'The row has fewer or more cells than the header.' },
    REQUEST_ID: { description: "Flinks's id of the payment request." },
    SESSION_ID: { description: "Flinks's id of the session." },
    REFERENCE_ID: { description: 'Your reference.' },
    AMOUNT: { description: 'The amount.' },
    CURRENCY: { description: 'The currency, which is not CAD.' },
    STATUS: { description: 'The status.' },
    CUSTOMER_EMAIL: { description: 'The e-mail address of the payer.' },
    CREATED_AT: { description: 'When the payment was asked for.' },
  },
});

const PAYMENT = 'The payment. Null where there is none, or none of yours.';

// In a query all members stand side by side, so a field of one name is of one type, also in what may be null.

/** Base of what is wrong with a row. */
@ObjectType()
abstract class RowException {
  @Field(() => ReconciliationRow, { description: 'The row.' })
  row!: ReconciliationRow;
}

/** Base of what is wrong with one field of a row that may name a payment. */
@ObjectType()
abstract class FieldException extends RowException {
  @RequiresScope(...READS_PAYMENTS)
  @Field(() => PaymentSession, { nullable: true, description: PAYMENT })
  paymentSession!: PaymentSession | null;

  @Field(() => ReconciliationFieldEnum, { nullable: true, description: 'Which field; null where all of them agree.' })
  field!: RowField | null;
}

/** Base of what differs between a row and its payment. */
@ObjectType()
abstract class DifferingRow extends FieldException {
  @Field(() => String, {
    nullable: true,
    description:
      'The value that counts, such as "250.00", SETTLED or a reference. Null for e-mail addresses, which are not shown here, and where field is null.',
  })
  ours!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'The value of the row. Null for e-mail addresses, and where field is null.',
  })
  theirs!: string | null;
}

@Backoffice()
@ObjectType({ description: 'The file has a payment that this gateway has not.' })
export class MissingHereException extends RowException {}

@Backoffice()
@ObjectType({
  description: 'A payment that ended on this day, and that no file has so far. A later file may still have it.',
})
export class MissingThereException {
  @RequiresScope(...READS_PAYMENTS)
  @Field(() => PaymentSession, { nullable: true, description: PAYMENT })
  paymentSession!: PaymentSession | null;
}

@Backoffice()
@ObjectType({ description: 'The file has another amount. Nothing that the row says was believed.' })
export class AmountDiffersException extends DifferingRow {}

@Backoffice()
@ObjectType({
  description:
    'The row names a payment by its id, and another reference or e-mail address than the payment has. Nothing that the row says was believed. Only backoffice:read sees it, since the row may be of another client.',
})
export class IdentityDiffersException extends DifferingRow {}

@Backoffice()
@ObjectType({ description: 'The file says that the payment ended in a way that contradicts how it stands here.' })
export class StatusDiffersException extends DifferingRow {}

@Backoffice()
@ObjectType({
  description:
    'Another row of the file is of the same payment, and that one counts: the one that knows most of those that agree.',
})
export class DuplicateRowException extends DifferingRow {}

@Backoffice()
@ObjectType({ description: 'A row that cannot be judged; field tells what of it cannot be read.' })
export class UnreadableRowException extends FieldException {}

@Backoffice()
@ObjectType({ description: 'The row may mean several payments, so it was taken for none of them.' })
export class AmbiguousRowException extends RowException {}

@Backoffice()
@ObjectType({ description: 'On this day Flinks said of a payment what contradicts what it had said before.' })
export class ContradictingStatusException {
  @RequiresScope(...READS_PAYMENTS)
  @Field(() => PaymentSession, { nullable: true, description: PAYMENT })
  paymentSession!: PaymentSession | null;

  @Field(() => PaymentSessionEvent, {
    nullable: true,
    description: 'What was said. Where money moved, it was applied; else the payment kept its status.',
  })
  event!: PaymentSessionEvent | null;

  @Field(() => ReconciliationFieldEnum, { nullable: true, description: 'STATUS.' })
  field!: RowField | null;

  @Field(() => String, { nullable: true, description: 'The status that the payment had.' })
  ours!: string | null;

  @Field(() => String, { nullable: true, description: 'The status that it was said to have.' })
  theirs!: string | null;
}

@Backoffice()
@ObjectType({
  description:
    "On this day a webhook, a daily file or an answer of Flinks's to a look-up or a cancellation named a payment by one of its ids, with another reference, amount, currency, e-mail address or id. Nothing of it was believed. Each payment, source, field and value is listed once, on the day when it first came. Only backoffice:read sees it, since what was told may be of another client.",
})
export class UpdateMismatchException {
  @RequiresScope(...READS_PAYMENTS)
  @Field(() => PaymentSession, { nullable: true, description: PAYMENT })
  paymentSession!: PaymentSession | null;

  @Field(() => PaymentEventSourceEnum, { description: 'Where it was told.' })
  source!: PaymentEventSource;

  @Field(() => GraphQLDateTime, { description: 'When it was told first, UTC.' })
  at!: Date;

  @Field(() => ReconciliationFieldEnum, { nullable: true, description: 'What cannot be true; never null here.' })
  field!: RowField | null;

  @Field(() => String, {
    nullable: true,
    description:
      'The value that the payment has. Null for session ids and e-mail addresses, which are not shown here, and where the payment has none.',
  })
  ours!: string | null;

  @Field(() => String, {
    nullable: true,
    description:
      'The value that was told. Null for session ids and e-mail addresses, and where it cannot be read. It may be null where ids of several payments were told.',
  })
  theirs!: string | null;
}

/** Unions tell their members apart by class: resolvers return instances. */
export const ReconciliationException = createUnionType({
  name: 'ReconciliationException',
  description: 'Something of a day that does not add up.',
  types: () =>
    [
      MissingHereException,
      MissingThereException,
      AmountDiffersException,
      IdentityDiffersException,
      StatusDiffersException,
      DuplicateRowException,
      UnreadableRowException,
      AmbiguousRowException,
      ContradictingStatusException,
      UpdateMismatchException,
    ] as const,
});
