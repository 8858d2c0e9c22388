import { Field, ObjectType } from 'type-graphql';
import { Shareable } from './directives.js';

/** A part of a list, as the list's connection has it. */
interface Page {
  readonly edges: readonly { readonly cursor: string }[];
  readonly hasNextPage: boolean;
  /** The argument by which the page was asked for. */
  readonly after: string | undefined;
}

@Shareable()
@ObjectType({ description: 'Where a page stands in its list.' })
export class PageInfo {
  @Field(() => Boolean, { description: 'Whether there are more after endCursor.' })
  hasNextPage!: boolean;

  @Field(() => Boolean, {
    description:
      'Whether `after` was given, so that what came before was seen already. Lists are paged forwards only: there is no argument to go back by.',
  })
  hasPreviousPage!: boolean;

  @Field(() => String, { nullable: true, description: 'The cursor of the first edge; null when there is none.' })
  startCursor!: string | null;

  @Field(() => String, {
    nullable: true,
    description: 'The cursor of the last edge, to be given as `after` for the next page; null when there is none.',
  })
  endCursor!: string | null;

  static of({ edges, hasNextPage, after }: Page): PageInfo {
    return Object.assign(new PageInfo(), {
      hasNextPage,
      hasPreviousPage: after !== undefined,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    });
  }
}
