import { ArgsType, Field, Int } from 'type-graphql';
import { InputIssueCode as Code } from './input-issue.type.js';
import { PAGE_SIZE, PageSizeRules } from './page-size.js';
import { exceptionKeyAt } from './reconciliation-exception-connection.type.js';
import { Rule } from './rule.js';

@ArgsType()
export class ReconciliationExceptionsArgs {
  @Field(() => Int, { defaultValue: PAGE_SIZE.usual, description: `How many at most, 1-${PAGE_SIZE.most}.` })
  @PageSizeRules()
  first!: number;

  @Field(() => String, {
    nullable: true,
    description: 'The cursor after which the page begins: endCursor of the page before. Absent: from the first.',
  })
  @Rule(
    Code.INVALID_CURSOR,
    'Give a cursor of this list, as it was told.',
    (after: string) => exceptionKeyAt(after) !== undefined,
  )
  after?: string | null;
}
