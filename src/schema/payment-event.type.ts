import { GraphQLDateTime } from 'graphql-scalars';
import { Field, ObjectType, registerEnumType } from 'type-graphql';
import { PAYMENT_EVENT_SOURCES } from '../domain/payment.js';
import type { PaymentEventSource, PaymentSessionEvent as DomainEvent } from '../domain/payment.js';
import type { PaymentStatus } from '../domain/payment-status.js';
import { enumOf } from './enum-of.js';
import { PaymentStatusEnum } from './payment-status.enum.js';
import { Backoffice } from './directives.js';

export const PaymentEventSourceEnum = enumOf(PAYMENT_EVENT_SOURCES);

registerEnumType(PaymentEventSourceEnum, {
  name: 'PaymentEventSource',
  description: 'Who told of a status.',
  valuesConfig: {
    GATEWAY: { description: 'This gateway, of its own calls to Flinks.' },
    POLL: { description: 'Flinks, when it was asked.' },
    WEBHOOK: { description: 'Flinks, of its own accord.' },
    RECONCILIATION: { description: 'A daily file of Flinks.' },
    OPERATOR: { description: 'A person who runs this gateway.' },
  },
});

@ObjectType({ description: 'A status that a payment took, or a word that contradicts the one it has.' })
export class PaymentSessionEvent {
  @Field(() => PaymentStatusEnum, { description: 'The status.' })
  status!: PaymentStatus;

  @Field(() => PaymentEventSourceEnum, { description: 'Who told of it.' })
  source!: PaymentEventSource;

  @Field(() => GraphQLDateTime, { description: 'When it was recorded, UTC.' })
  at!: Date;

  @Field(() => String, { nullable: true, description: 'What else was told, for people.' })
  details!: string | null;

  @Field(() => Boolean, {
    description:
      'False for a word that contradicts a status of higher rank: the payment kept its status, and the word is among the exceptions of its day.',
  })
  applied!: boolean;

  @Backoffice()
  @Field(() => String, {
    nullable: true,
    description:
      'Who did it: the person for OPERATOR, the caller for what it asked for itself, which is the first event and a cancellation. Null for all else.',
  })
  by!: string | null;

  static of({ status, source, at, details, applied, by }: DomainEvent): PaymentSessionEvent {
    const event = { status, source, at, details: details ?? null, applied, by: by ?? null };
    return Object.assign(new PaymentSessionEvent(), event);
  }
}
