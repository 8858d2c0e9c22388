import { ObjectType } from 'type-graphql';
import type { PaymentSessionEventSource, PaymentSessionEvent as DomainEvent } from '../../domain/payment.js';
import type { PaymentSessionStatus } from '../../domain/payment-status.js';
import { DateTimeScalar } from '../scalars/scalars.js';
import { Backoffice } from '../subgraph/directives.js';
import { Field, NullableField, enumType, instance } from '../typegraphql.js';
import { PaymentSessionStatusEnum } from './payment-session.type.js';

/** The sources as an enum. */
export const PaymentSessionEventSourceEnum = enumType<PaymentSessionEventSource>({
  name: 'PaymentSessionEventSource',
  description: 'Where a status came from.',
  values: {
    GATEWAY:
      'This gateway: the result of its own call to Flinks, or the expiry of a payment with status OUTCOME_UNKNOWN.',
    POLL: 'A status lookup at Flinks.',
    WEBHOOK: 'A webhook from Flinks.',
    RECONCILIATION: 'A daily file from Flinks.',
    OPERATOR: 'A person who operates this gateway.',
  },
});

@ObjectType({
  description: 'A status change of a payment, or a conflicting status update that the gateway did not apply.',
})
export class PaymentSessionEvent {
  @Field(
    () => PaymentSessionStatusEnum,
    'The status that the payment took, or the conflicting status that was reported.',
  )
  status!: PaymentSessionStatus;
  @Field(() => PaymentSessionEventSourceEnum, 'Where the status came from.')
  source!: PaymentSessionEventSource;
  @Field(() => DateTimeScalar, 'When the gateway recorded the event, UTC.')
  recordedAt!: Date;

  @NullableField(
    () => String,
    'What the source said besides the status, for people to read. Null when it said nothing else.',
  )
  message!: string | undefined;

  @Field(
    () => Boolean,
    "Whether the payment took the status. False when the reported status conflicts with the payment's status, which ranks higher: the payment kept its status, and the reconciliation report of the day lists a ConflictingStatusException (or a StatusMismatchException if a daily file reported the status).",
  )
  applied!: boolean;

  @Backoffice()
  @NullableField(
    () => String,
    "Who caused the event: for the source OPERATOR the person, and for a payment's creation or cancellation by a client the id of that client. Null for all other events.",
  )
  actor!: string | undefined;

  /** Converts an event of the domain. */
  static of({ status, source, recordedAt, message, applied, actor }: DomainEvent): PaymentSessionEvent {
    return instance(PaymentSessionEvent, { status, source, recordedAt, message, applied, actor });
  }
}
