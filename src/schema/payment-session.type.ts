import { GraphQLDateTime } from 'graphql-scalars';
import { Field, ID, ObjectType, registerEnumType } from 'type-graphql';
import { PAYMENT_DELIVERIES } from '../domain/payment.js';
import type { PaymentDelivery, PaymentSession as DomainPaymentSession } from '../domain/payment.js';
import type { PaymentStatus } from '../domain/payment-status.js';
import { enumOf } from './enum-of.js';
import { Money } from './money.type.js';
import { PaymentStatusEnum } from './payment-status.enum.js';

const PaymentDeliveryEnum = enumOf(PAYMENT_DELIVERIES);

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

  @Field(() => String, { description: 'First and last name, as it was sent to Flinks.' })
  name!: string;

  @Field(() => String, { description: 'E-mail address, as it was sent to Flinks.' })
  email!: string;
}

@ObjectType({ description: 'A payment that Flinks was asked to collect.' })
export class PaymentSession {
  @Field(() => ID, {
    nullable: true,
    description: "Flinks's id of the session. Whoever has it can open the payment page: treat it like a password.",
  })
  sessionId!: string | null;

  @Field(() => ID, {
    nullable: true,
    description:
      "Flinks's id of the payment request, by which a status is looked up. Null when Flinks told none, as for an e-mailed request.",
  })
  paymentRequestId!: string | null;

  @Field(() => ID, {
    description: 'Your reference, or the GUID that was made. Flinks repeats it in the reconciliation files.',
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

  @Field(() => String, {
    nullable: true,
    description: 'The page where the payer pays, hosted by Flinks. It contains sessionId, so it is as secret.',
  })
  launchUrl!: string | null;

  @Field(() => PaymentStatusEnum, { description: 'Where the payment stands.' })
  status!: PaymentStatus;

  @Field(() => GraphQLDateTime, { description: 'When Flinks had accepted the request, UTC.' })
  createdAt!: Date;

  static of(session: DomainPaymentSession): PaymentSession {
    const { customer } = session;
    return Object.assign(new PaymentSession(), {
      sessionId: session.sessionId.reveal(),
      paymentRequestId: session.paymentRequestId ?? null,
      referenceId: session.referenceId,
      delivery: session.delivery,
      customer: { userId: customer.userId, name: customer.name.reveal(), email: customer.email.reveal() },
      amount: Money.of(session.amount),
      clientUrls: session.clientUrls,
      launchUrl: session.launchUrl.reveal(),
      status: session.status,
      createdAt: session.createdAt,
    });
  }
}
