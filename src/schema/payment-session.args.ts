import { ArgsType, Field, ID } from 'type-graphql';
import { ExactId } from './id-rules.js';
import type { IdInput } from './id.scalar.js';

/** Which payment is meant. */
@ArgsType()
export class PaymentSessionArgs {
  @Field(() => ID, { description: 'The id of a PaymentSession.' })
  @ExactId()
  id!: IdInput;
}
