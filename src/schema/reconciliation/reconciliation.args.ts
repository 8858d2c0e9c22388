import { ArgsType, Field, Int } from 'type-graphql';
import { PaymentInputIssueCode as Code } from '../validation/payment-input-issue.type.js';
import { PAGE_SIZE, PageSizeRules } from '../pagination/page-size.js';
import { exceptionKeyAt } from './reconciliation-exception-connection.type.js';
import { Rule } from '../validation/rule.js';

@ArgsType()
export class ReconciliationExceptionsArgs {
  @Field(() => Int, { defaultValue: PAGE_SIZE.default, description: `The size of the page, 1-${PAGE_SIZE.max}.` })
  @PageSizeRules()
  first!: number;

  @Field(() => String, {
    nullable: true,
    description: 'Where the page begins: endCursor of the previous page. Omit it to begin with the first exception.',
  })
  @Rule(
    Code.INVALID_CURSOR,
    'Use a cursor returned by this list.',
    (after: string) => exceptionKeyAt(after) !== undefined,
  )
  after?: string | null;
}
