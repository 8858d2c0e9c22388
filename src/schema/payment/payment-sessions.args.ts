import { IsOptional, ValidateNested } from 'class-validator';
import { GraphQLDateTime } from 'graphql-scalars';
import { ArgsType, Field, ID, InputType, Int } from 'type-graphql';
import type { PaymentSessionStatus } from '../../domain/payment-status.js';
import type { PaymentDeliveryMethod } from '../../domain/payment.js';
import { PAGE_SIZE, PageSizeRules } from '../pagination/page-size.js';
import type { IdInput } from '../scalars/id.scalar.js';
import { IdRules, ExactId } from '../validation/id-rules.js';
import { PaymentInputIssueCode as Code } from '../validation/payment-input-issue.type.js';
import { Rule } from '../validation/rule.js';
import { positionFromCursor } from './payment-session-connection.type.js';
import { PaymentSessionStatusEnum } from './payment-session-status.enum.js';
import { PaymentDeliveryMethodEnum } from './payment-session.type.js';

@InputType({
  description: 'Selects payments. A payment must match every field that you set; omitted fields match everything.',
})
export class PaymentSessionFilter {
  @Field(() => ID, { nullable: true, description: 'Your reference. Several payments may have the same one.' })
  @IdRules()
  referenceId?: IdInput | null;

  @Field(() => ID, { nullable: true, description: 'Your id of the payer.' })
  @IdRules()
  userId?: IdInput | null;

  @Field(() => PaymentSessionStatusEnum, {
    nullable: true,
    description:
      'The stored status. The payments of the list may show a newer one, since reading the field status refreshes it.',
  })
  status?: PaymentSessionStatus | null;

  @Field(() => PaymentDeliveryMethodEnum, {
    nullable: true,
    description: 'How the payer receives the link to the payment page.',
  })
  deliveryMethod?: PaymentDeliveryMethod | null;

  @Field(() => GraphQLDateTime, { nullable: true, description: 'Created at or after this time (inclusive).' })
  createdFrom?: Date | null;

  @Field(() => GraphQLDateTime, { nullable: true, description: 'Created before this time (exclusive).' })
  createdBefore?: Date | null;
}

@ArgsType()
export class PaymentSessionsArgs {
  @Field(() => PaymentSessionFilter, { nullable: true, description: 'Omit it to list all of your payments.' })
  @IsOptional()
  @ValidateNested()
  filter?: PaymentSessionFilter | null;

  @Field(() => Int, { defaultValue: PAGE_SIZE.default, description: `The size of the page, 1-${PAGE_SIZE.max}.` })
  @PageSizeRules()
  first!: number;

  @Field(() => String, {
    nullable: true,
    description: 'Where the page begins: endCursor of the previous page. Omit it to begin with the newest payment.',
  })
  @Rule(
    Code.INVALID_CURSOR,
    'Use a cursor returned by this list.',
    (after: string) => positionFromCursor(after) !== undefined,
  )
  after?: string | null;
}

/** The arguments that name one payment. */
@ArgsType()
export class PaymentSessionArgs {
  @Field(() => ID, { description: 'The id of a PaymentSession.' })
  @ExactId()
  id!: IdInput;
}
