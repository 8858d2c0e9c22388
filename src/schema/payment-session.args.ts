import { ArgsType, Field, ID } from 'type-graphql';
import { ExactId } from './id-rules.js';
import type { IdInput } from './id.scalar.js';

/** The arguments that name one payment. */
@ArgsType()
export class PaymentSessionArgs {
  @Field(() => ID, { description: 'The id of a PaymentSession.' })
  @ExactId()
  id!: IdInput;
}
