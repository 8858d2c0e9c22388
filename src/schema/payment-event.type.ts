import { GraphQLDateTime } from 'graphql-scalars';
import { Field, ObjectType, registerEnumType } from 'type-graphql';
import { PAYMENT_EVENT_SOURCES } from '../domain/payment.js';
import type { PaymentEventSource, PaymentSessionEvent as DomainEvent } from '../domain/payment.js';
import type { PaymentStatus } from '../domain/payment-status.js';
import { enumOf } from './enum-of.js';
import { PaymentStatusEnum } from './payment-status.enum.js';

const PaymentEventSourceEnum = enumOf(PAYMENT_EVENT_SOURCES);

registerEnumType(PaymentEventSourceEnum, {
  name: 'PaymentEventSource',
  description: 'Who told of a status.',
  valuesConfig: { GATEWAY: { description: 'This gateway, of its own calls to Flinks.' } },
});

@ObjectType({ description: 'A status that a payment took.' })
export class PaymentSessionEvent {
  @Field(() => PaymentStatusEnum, { description: 'The status.' })
  status!: PaymentStatus;

  @Field(() => PaymentEventSourceEnum, { description: 'Who told of it.' })
  source!: PaymentEventSource;

  @Field(() => GraphQLDateTime, { description: 'When it was recorded, UTC.' })
  at!: Date;

  @Field(() => String, { nullable: true, description: 'What else was told, for people.' })
  details!: string | null;

  static of({ status, source, at, details }: DomainEvent): PaymentSessionEvent {
    return Object.assign(new PaymentSessionEvent(), { status, source, at, details: details ?? null });
  }
}
