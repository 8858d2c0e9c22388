import { Field, ObjectType } from 'type-graphql';
import { instance } from '../typegraphql.js';

/** A page of a list, as its connection has it. */
interface Page {
  readonly edges: readonly { readonly cursor: string }[];
  readonly hasNextPage: boolean;
  /** The argument `after` of the request. */
  readonly after: string | undefined;
}

/** `PageInfo` of the Relay specification, under a name that cannot collide with other subgraphs. */
@ObjectType({ description: 'The position of a page in its list, as in the Relay Cursor Connections Specification.' })
export class PaymentPageInfo {
  @Field(() => Boolean, { description: 'Whether the list continues after endCursor.' })
  hasNextPage!: boolean;

  @Field(() => Boolean, {
    description: 'Whether you sent `after`. Lists can be paged forwards only: no argument leads back.',
  })
  hasPreviousPage!: boolean;

  @Field(() => String, { nullable: true, description: 'The cursor of the first edge. Null when the page is empty.' })
  startCursor!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'The cursor of the last edge: send it as `after` to get the next page. Null when the page is empty.',
  })
  endCursor!: string | null;

  /** Describes the position of a page. */
  static of({ edges, hasNextPage, after }: Page): PaymentPageInfo {
    return instance(PaymentPageInfo, {
      hasNextPage,
      hasPreviousPage: after !== undefined,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    });
  }
}
