import { Field, ObjectType } from 'type-graphql';
import { isPaymentId } from '../../domain/ids.js';
import type { PaymentPage, PaymentPosition } from '../../domain/payment.js';
import { encodeCursor, decodeCursor } from '../pagination/cursor.js';
import { PaymentPageInfo } from '../pagination/payment-page-info.type.js';
import { PaymentSession } from './payment-session.type.js';
import { instance } from '../typegraphql.js';

@ObjectType({ description: 'A payment in a list of payments.' })
export class PaymentSessionEdge {
  @Field(() => String, { description: 'The position of the payment in every list of payments. Opaque and permanent.' })
  cursor!: string;

  @Field(() => PaymentSession, {
    nullable: true,
    description:
      'The payment. Null, with an error at its path, when the gateway cannot decrypt or read a field of it that you asked for. The other payments of the page are returned.',
  })
  node!: PaymentSession | null;
}

@ObjectType({ description: 'A page of a list of payments.' })
export class PaymentSessionConnection {
  @Field(() => [PaymentSessionEdge], { description: 'The payments of the page, newest first.' })
  edges!: PaymentSessionEdge[];

  @Field(() => PaymentPageInfo, { description: 'The position of the page in the list.' })
  pageInfo!: PaymentPageInfo;

  /** `after` is the argument of the request. */
  static of({ payments, hasNextPage }: PaymentPage, after: string | undefined): PaymentSessionConnection {
    const edges = payments.map((payment) =>
      instance(PaymentSessionEdge, {
        cursor: encodeCursor([payment.createdAt.getTime(), payment.id]),
        node: PaymentSession.of(payment),
      }),
    );
    return instance(PaymentSessionConnection, {
      edges,
      pageInfo: PaymentPageInfo.of({ edges, hasNextPage, after }),
    });
  }
}

/** Decodes the cursor of a payment; undefined for other text. */
export function positionFromCursor(cursor: string): PaymentPosition | undefined {
  const [createdAtMs, id, ...rest] = decodeCursor(cursor) ?? [];
  if (typeof createdAtMs !== 'number' || typeof id !== 'string' || rest.length > 0) return undefined;
  const createdAt = new Date(createdAtMs);
  return createdAt.getTime() === createdAtMs && isPaymentId(id) ? { createdAt, id } : undefined;
}
