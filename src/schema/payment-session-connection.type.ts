import { Field, ObjectType } from 'type-graphql';
import { isPaymentId } from '../domain/payment-id.js';
import type { PaymentPage, PaymentPosition } from '../domain/payment-list.js';
import { cursorOf, placeAt } from './cursor.js';
import { PageInfo } from './page-info.type.js';
import { PaymentSession } from './payment-session.type.js';

@ObjectType({ description: 'A payment in a list.' })
export class PaymentSessionEdge {
  @Field(() => String, { description: 'Where the payment stands in every list of payments; opaque, and lasts.' })
  cursor!: string;

  @Field(() => PaymentSession, {
    nullable: true,
    description:
      'The payment. Null, with an error at its path, only where a field of it that you asked for cannot be read: the others of the page are told.',
  })
  node!: PaymentSession | null;
}

@ObjectType({ description: 'A page of a list of payments.' })
export class PaymentSessionConnection {
  @Field(() => [PaymentSessionEdge], { description: 'The payments, newest first.' })
  edges!: PaymentSessionEdge[];

  @Field(() => PageInfo, { description: 'Where the page stands in the list.' })
  pageInfo!: PageInfo;

  /** `after`: the argument by which the page was asked for. */
  static of({ payments, hasNextPage }: PaymentPage, after: string | undefined): PaymentSessionConnection {
    const edges = payments.map((payment) =>
      Object.assign(new PaymentSessionEdge(), {
        cursor: cursorOf([payment.createdAt.getTime(), payment.id]),
        node: PaymentSession.of(payment),
      }),
    );
    return Object.assign(new PaymentSessionConnection(), {
      edges,
      pageInfo: PageInfo.of({ edges, hasNextPage, after }),
    });
  }
}

/** The position that a cursor of a payment tells; undefined for other text. */
export function positionAt(cursor: string): PaymentPosition | undefined {
  const [createdAtMs, id, ...others] = placeAt(cursor) ?? [];
  if (typeof createdAtMs !== 'number' || typeof id !== 'string' || others.length > 0) return undefined;
  const createdAt = new Date(createdAtMs);
  return createdAt.getTime() === createdAtMs && isPaymentId(id) ? { createdAt, id } : undefined;
}
