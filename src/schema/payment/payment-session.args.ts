import { ArgsType, Field, ID } from 'type-graphql';
import { ExactId } from '../validation/id-rules.js';
import type { IdInput } from '../scalars/id.scalar.js';

/** The arguments that name one payment. */
@ArgsType()
export class PaymentSessionArgs {
  @Field(() => ID, { description: 'The id of a PaymentSession.' })
  @ExactId()
  id!: IdInput;
}
