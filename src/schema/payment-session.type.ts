import { GraphQLDateTime } from 'graphql-scalars';
import { Field, ID, ObjectType, registerEnumType } from 'type-graphql';
import { PAYMENT_DELIVERIES, isUnreadable, unreadableError } from '../domain/payment.js';
import type { PaymentDelivery, PaymentSession as DomainPaymentSession, UnreadableField } from '../domain/payment.js';
import { enumOf } from './enum-of.js';
import { Money } from './money.type.js';
import { Backoffice, Entity } from './directives.js';

export const PaymentDeliveryEnum = enumOf(PAYMENT_DELIVERIES);

registerEnumType(PaymentDeliveryEnum, {
  name: 'PaymentDelivery',
  description: 'How the payer gets the link to the page where the payment is made.',
  valuesConfig: {
    LINK: { description: 'You hand it over (createPaymentSession).' },
    EMAIL: { description: 'Flinks e-mails it (sendPaymentRequest).' },
  },
});

@ObjectType({ description: 'The person who is asked to pay.' })
export class Customer {
  @Field(() => ID, { description: 'Your id of this person.' })
  userId!: string;

  @Backoffice()
  @Field(() => String, {
    nullable: true,
    description: 'First and last name, as it was sent to Flinks. Null once erased, some time after the payment ended.',
  })
  name!: string | null;

  @Backoffice()
  @Field(() => String, {
    nullable: true,
    description: 'E-mail address, as it was sent to Flinks. Null once erased, some time after the payment ended.',
  })
  email!: string | null;
}

@Entity()
@ObjectType({
  description:
    'A payment that Flinks was asked to collect. Where another subgraph refers to it, it is told as it is stored, without asking Flinks.',
})
export class PaymentSession {
  @Field(() => ID, {
    description: 'Ours. Safe to log and to share; ids sort in the order in which payments were asked for.',
  })
  id!: string;

  @Field(() => ID, {
    nullable: true,
    description:
      "Flinks's id of the session, once there is one. Whoever has it can open the payment page: treat it like a password.",
  })
  sessionId!: string | null;

  @Field(() => ID, {
    nullable: true,
    description:
      "Flinks's id of the payment request, by which a status is looked up. Null when Flinks told none, as for an e-mailed request.",
  })
  paymentRequestId!: string | null;

  @Field(() => ID, {
    description:
      'Your reference, or the GUID that was made. The files of Flinks repeat it, with a suffix if another client used it first.',
  })
  referenceId!: string;

  @Field(() => PaymentDeliveryEnum, { description: 'How the payer gets the link.' })
  delivery!: PaymentDelivery;

  @Field(() => Customer, { description: 'Who is asked to pay.' })
  customer!: Customer;

  @Field(() => Money, { description: 'How much.' })
  amount!: Money;

  @Field(() => [String], { description: 'Where the Flinks app may be embedded; empty when you named none.' })
  clientUrls!: readonly string[];

  @Field(() => GraphQLDateTime, { description: 'When the payment was first asked for, UTC.' })
  createdAt!: Date;

  /** What the fields that change in its life are read from: status and all that belongs to it. */
  stored!: DomainPaymentSession;
  /** True when that is the answer itself, whatever has happened since. */
  isAsTold!: boolean;

  static of(session: DomainPaymentSession): PaymentSession {
    const { customer } = session;
    /** What cannot be read is an error at its path, and no null that could pass for "there is none": graphql-js throws it there. */
    const readable = <T>(field: UnreadableField, value: T): T | Error =>
      isUnreadable(session, field) ? unreadableError(session.id, field) : value;
    return Object.assign(new PaymentSession(), {
      id: session.id,
      sessionId: readable('sessionId', session.sessionId?.reveal() ?? null),
      paymentRequestId: session.paymentRequestId ?? null,
      referenceId: session.referenceId,
      delivery: session.delivery,
      customer: {
        userId: customer.userId,
        name: readable('name', customer.name?.reveal() ?? null),
        email: readable('email', customer.email?.reveal() ?? null),
      },
      amount: Money.of(session.amount),
      clientUrls: readable('clientUrls', session.clientUrls),
      createdAt: session.createdAt,
      stored: session,
      isAsTold: false,
    });
  }

  /** The payment as it was at a moment, in which its status is not asked for again. */
  static asTold(session: DomainPaymentSession): PaymentSession {
    return Object.assign(PaymentSession.of(session), { isAsTold: true });
  }
}
