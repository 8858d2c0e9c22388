import { ArgsType, ID, InputType, ObjectType } from 'type-graphql';
import { isPaymentId } from '../../domain/ids.js';
import type { PaymentPage, PaymentPosition, PaymentDeliveryMethod } from '../../domain/payment.js';
import type { PaymentSessionStatus } from '../../domain/payment-status.js';
import { decodeCursor, encodeCursor } from '../pagination/cursor.js';
import { After, First, PaymentPageInfo } from '../pagination/page.js';
import type { IdInput } from '../scalars/id.scalar.js';
import { DateTimeScalar } from '../scalars/scalars.js';
import { Field, NullableField, instance } from '../typegraphql.js';
import { IdRules } from '../validation/id-rules.js';
import { Nested } from '../validation/input-validation.js';
import { PaymentSessionStatusEnum, PaymentDeliveryMethodEnum, PaymentSession } from './payment-session.type.js';

@InputType({
  description: 'Selects payments. A payment must match every field that you set; omitted fields match everything.',
})
export class PaymentSessionFilter {
  @NullableField(() => ID, 'Your reference. Several payments may have the same one.')
  @IdRules()
  referenceId?: IdInput | null;

  @NullableField(() => ID, 'Your id of the payer.')
  @IdRules()
  userId?: IdInput | null;

  @NullableField(
    () => PaymentSessionStatusEnum,
    'The stored status. The payments of the list may show a newer one, since reading the field status refreshes it.',
  )
  status?: PaymentSessionStatus | null;

  @NullableField(() => PaymentDeliveryMethodEnum, 'How the payer receives the link to the payment page.')
  deliveryMethod?: PaymentDeliveryMethod | null;
  @NullableField(() => DateTimeScalar, 'Created at or after this time (inclusive).')
  createdFrom?: Date | null;
  @NullableField(() => DateTimeScalar, 'Created before this time (exclusive).')
  createdBefore?: Date | null;
}

@ArgsType()
export class PaymentSessionsArgs {
  @NullableField(() => PaymentSessionFilter, 'Which payments to list. Omit it to list all of them.')
  @Nested()
  filter?: PaymentSessionFilter | null;

  @First()
  first!: number;

  @After(
    'Where the page begins: the endCursor of the previous page. Omit it to begin with the newest payment.',
    positionFromCursor,
  )
  after?: string | null;
}

@ObjectType({ description: 'A payment in a list of payments.' })
export class PaymentSessionEdge {
  @Field(() => String, 'The position of the payment in every list of payments. Opaque and permanent.')
  cursor!: string;

  @NullableField(
    () => PaymentSession,
    'The payment. Null, with an error at its path, when the gateway cannot decrypt or read a field of it that you asked for. The other payments of the page are returned.',
  )
  node!: PaymentSession | null;
}

@ObjectType({ description: 'A page of a list of payments.' })
export class PaymentSessionConnection {
  @Field(() => [PaymentSessionEdge], 'The payments of the page, newest first.')
  edges!: PaymentSessionEdge[];
  @Field(() => PaymentPageInfo, 'Where the page is in the list, and how to get the next one.')
  pageInfo!: PaymentPageInfo;

  /** `after` is the argument of the request. */
  static of({ payments, hasNextPage }: PaymentPage, after: string | undefined): PaymentSessionConnection {
    const edges = payments.map((payment) => {
      const cursor = encodeCursor([payment.createdAt.getTime(), payment.id]);
      return instance(PaymentSessionEdge, { cursor, node: PaymentSession.of(payment) });
    });
    return instance(PaymentSessionConnection, { edges, pageInfo: PaymentPageInfo.of({ edges, hasNextPage, after }) });
  }
}

/** Decodes the cursor of a payment; undefined for other text. */
export function positionFromCursor(cursor: string): PaymentPosition | undefined {
  const [createdAtMs, id, ...rest] = decodeCursor(cursor) ?? [];
  if (typeof createdAtMs !== 'number' || typeof id !== 'string' || rest.length > 0) return undefined;
  const createdAt = new Date(createdAtMs);
  return createdAt.getTime() === createdAtMs && isPaymentId(id) ? { createdAt, id } : undefined;
}
