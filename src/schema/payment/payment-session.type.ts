import { ArgsType, ID, ObjectType } from 'type-graphql';
import { PAYMENT_SESSION_STATUSES, areFundsGuaranteed, isFinal } from '../../domain/payment-status.js';
import type { PaymentSessionStatus } from '../../domain/payment-status.js';
import { isUnreadable, unreadableError } from '../../domain/payment.js';
import type {
  PaymentDeliveryMethod,
  PaymentSession as DomainPaymentSession,
  UnreadableField,
} from '../../domain/payment.js';
import type { IdInput } from '../scalars/id.scalar.js';
import { DateTimeScalar } from '../scalars/scalars.js';
import { Backoffice, Entity } from '../subgraph/directives.js';
import { Field, NullableField, enumType, instance } from '../typegraphql.js';
import { ExactId } from '../validation/id-rules.js';
import { PaymentAmount } from './payment-amount.type.js';

/** The delivery methods as an enum. */
export const PaymentDeliveryMethodEnum = enumType<PaymentDeliveryMethod>({
  name: 'PaymentDeliveryMethod',
  description: 'How the payer receives the link to the payment page.',
  values: {
    LINK: 'You send the payer to paymentUrl (createPaymentSession).',
    EMAIL: 'Flinks e-mails the link to the payer (sendPaymentRequest).',
  },
});

const DESCRIPTIONS: Readonly<Record<PaymentSessionStatus, string>> = {
  CREATING: 'The gateway has stored the payment and is about to call Flinks.',
  OUTCOME_UNKNOWN:
    'Flinks may or may not have e-mailed the payer, because its response was lost. This is not a failure: a webhook, a lookup, a daily file or an operator resolves it. It expires only when it is old enough (30 days by default) and the daily files of all these days were imported without it.',
  INITIATED: 'The payment exists at Flinks, and the payer can pay.',
  PROCESSING: 'The payer is completing the payment at the bank.',
  EXPIRED: 'The payer did not pay in time, or the outcome was unknown and no daily file contains the payment.',
  CANCELLED: 'The payment was cancelled before it was paid.',
  DECLINED: 'The payer declined the payment at the bank.',
  FAILED: 'The payment failed, for example because the name differs from the one at the bank. See failure.',
  ACCEPTED: 'The payer accepted the payment at the bank, and the money is on its way.',
  PROCESSED: 'Flinks has processed the payment, which now waits for settlement.',
  SETTLED: "The transfer to the merchant's account is under way or completed.",
};

function describe(status: PaymentSessionStatus): string {
  const final = isFinal(status) ? ' Final: the gateway no longer polls it.' : '';
  return `${DESCRIPTIONS[status]}${areFundsGuaranteed(status) ? ' Funds are guaranteed.' : ''}${final}`;
}

/** The statuses as an enum, in the order of their ranks. */
export const PaymentSessionStatusEnum = enumType({
  name: 'PaymentSessionStatus',
  description:
    "The status of a payment. CREATING and OUTCOME_UNKNOWN are statuses of this gateway, the others are Flinks's. The list is in order of rank, and a payment only ever moves to a status further down.",
  values: Object.fromEntries(
    PAYMENT_SESSION_STATUSES.map((status) => [status, describe(status)]),
  ) as typeof DESCRIPTIONS,
});

@ObjectType({ description: 'The payer: the person who is asked to pay.' })
export class PaymentCustomer {
  @Field(() => ID, 'Your id of this person, as you sent it.')
  userId!: string;

  @Backoffice()
  @NullableField(
    () => String,
    'First and last name, as sent to Flinks. Null after the retention period: the gateway erases personal data PERSONAL_DATA_RETENTION (90 days by default) after the payment became final.',
  )
  name!: string | undefined;

  @Backoffice()
  @NullableField(
    () => String,
    'E-mail address, as sent to Flinks. Null after the retention period: the gateway erases personal data PERSONAL_DATA_RETENTION (90 days by default) after the payment became final.',
  )
  email!: string | undefined;
}

@Entity()
@ObjectType({
  description:
    'One payment, from the moment you request it. When another subgraph refers to it, the gateway returns its stored state without querying Flinks.',
})
export class PaymentSession {
  @Field(
    () => ID,
    'The id that this gateway gave the payment. It is safe to log and to share. Ids sort by the time of creation.',
  )
  id!: string;

  @Backoffice()
  @NullableField(
    () => ID,
    'The id of the Flinks session, to which the payment page belongs. Null until Flinks has returned it, and after the retention period. Anybody who has the id can open the payment page: treat it as a password. Frontends need paymentUrl instead.',
  )
  flinksSessionId!: string | undefined;

  @NullableField(
    () => ID,
    "Flinks's id of the payment request, by which the gateway looks up the status. Null until Flinks has reported one. For e-mailed payments Flinks usually reports none.",
  )
  flinksPaymentRequestId!: string | undefined;

  @Field(
    () => ID,
    "Your reference, or the GUID that the gateway generated when you sent none. Flinks's daily files of payments contain it, with a suffix if another client used the same reference before.",
  )
  referenceId!: string;

  @Field(() => PaymentDeliveryMethodEnum, 'How the payer receives the link to the payment page.')
  deliveryMethod!: PaymentDeliveryMethod;
  @Field(() => PaymentCustomer, 'The payer.')
  customer!: PaymentCustomer;
  @Field(() => PaymentAmount, 'The amount that the payer is asked for.')
  amount!: PaymentAmount;

  @Field(
    () => [String],
    'The URLs that you allowed to embed the payment page (the clientUrls of Flinks). Empty when you sent none.',
  )
  clientUrls!: readonly string[];

  @Field(() => DateTimeScalar, 'When the payment was created, UTC.')
  createdAt!: Date;

  /** The payment that the fields are resolved from. */
  source!: DomainPaymentSession;
  /** True for the state at one moment, such as an event of a subscription: its status is not refreshed. */
  isSnapshot!: boolean;

  /** Converts a payment of the domain, whose status is refreshed when it is read. */
  static of(session: DomainPaymentSession): PaymentSession {
    const { customer } = session;
    // graphql-js throws an error at the path of an unreadable field: a null could be mistaken for "there is none".
    const readable = <T>(field: UnreadableField, value: T): T =>
      isUnreadable(session, field) ? (unreadableError(session.id, field) as T) : value;
    return instance(PaymentSession, {
      id: session.id,
      flinksSessionId: readable('sessionId', session.sessionId?.reveal()),
      flinksPaymentRequestId: session.paymentRequestId,
      referenceId: session.referenceId,
      deliveryMethod: session.deliveryMethod,
      customer: instance(PaymentCustomer, {
        userId: customer.userId,
        name: readable('name', customer.name?.reveal()),
        email: readable('email', customer.email?.reveal()),
      }),
      amount: PaymentAmount.of(session.amount),
      clientUrls: readable('clientUrls', session.clientUrls),
      createdAt: session.createdAt,
      source: session,
      isSnapshot: false,
    });
  }

  /** The payment at one moment: its status is not refreshed when it is read. */
  static snapshot(session: DomainPaymentSession): PaymentSession {
    return Object.assign(PaymentSession.of(session), { isSnapshot: true });
  }
}

/** The argument that names one payment. */
@ArgsType()
export class PaymentSessionArgs {
  @Field(() => ID, 'The id of a PaymentSession.')
  @ExactId()
  id!: IdInput;
}
