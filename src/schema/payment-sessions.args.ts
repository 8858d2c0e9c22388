import { IsOptional, ValidateNested } from 'class-validator';
import { GraphQLDateTime } from 'graphql-scalars';
import { ArgsType, Field, ID, InputType, Int } from 'type-graphql';
import type { PaymentDelivery } from '../domain/payment.js';
import type { PaymentStatus } from '../domain/payment-status.js';
import { IdRules } from './id-rules.js';
import type { IdInput } from './id.scalar.js';
import { InputIssueCode as Code } from './input-issue.type.js';
import { PAGE_SIZE, PageSizeRules } from './page-size.js';
import { positionAt } from './payment-session-connection.type.js';
import { PaymentDeliveryEnum } from './payment-session.type.js';
import { PaymentStatusEnum } from './payment-status.enum.js';
import { Rule } from './rule.js';

@InputType({ description: 'Which payments are listed: those that fit every field that is given.' })
export class PaymentSessionFilter {
  @Field(() => ID, { nullable: true, description: 'Your reference. Several payments may have the same.' })
  @IdRules()
  referenceId?: IdInput | null;

  @Field(() => ID, { nullable: true, description: 'Your id of the person who is asked to pay.' })
  @IdRules()
  userId?: IdInput | null;

  @Field(() => PaymentStatusEnum, {
    nullable: true,
    description:
      'The status as it is stored. A payment whose status turns out to be old when it is read may be listed with a newer one.',
  })
  status?: PaymentStatus | null;

  @Field(() => PaymentDeliveryEnum, { nullable: true, description: 'How the payer gets the link.' })
  delivery?: PaymentDelivery | null;

  @Field(() => GraphQLDateTime, { nullable: true, description: 'First asked for at this time or later.' })
  createdFrom?: Date | null;

  @Field(() => GraphQLDateTime, { nullable: true, description: 'First asked for before this time.' })
  createdBefore?: Date | null;
}

@ArgsType()
export class PaymentSessionsArgs {
  @Field(() => PaymentSessionFilter, { nullable: true, description: 'Absent: all of your payments.' })
  @IsOptional()
  @ValidateNested()
  filter?: PaymentSessionFilter | null;

  @Field(() => Int, { defaultValue: PAGE_SIZE.usual, description: `How many at most, 1-${PAGE_SIZE.most}.` })
  @PageSizeRules()
  first!: number;

  @Field(() => String, {
    nullable: true,
    description: 'The cursor after which the page begins: endCursor of the page before. Absent: the newest payments.',
  })
  @Rule(
    Code.INVALID_CURSOR,
    'Give a cursor of this list, as it was told.',
    (after: string) => positionAt(after) !== undefined,
  )
  after?: string | null;
}
