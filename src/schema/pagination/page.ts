import { Int, ObjectType } from 'type-graphql';
import { Field, NullableField, allOf, instance } from '../typegraphql.js';
import { Rule } from '../validation/input-validation.js';

const PAGE_SIZE = { default: 20, max: 100 } as const;

/** The argument `first` of a list. */
export function First(): PropertyDecorator {
  const tooLarge = `Request at most ${PAGE_SIZE.max}, and the rest with after.`;
  return allOf(
    Field(() => Int, `The size of the page, 1-${PAGE_SIZE.max}.`, { defaultValue: PAGE_SIZE.default }),
    Rule('TOO_SMALL', 'Request at least 1.', (first: number) => first >= 1),
    Rule('TOO_LARGE', tooLarge, (first: number) => first <= PAGE_SIZE.max),
  );
}

/** The argument `after` of a list. `decode` returns undefined for text that is not a cursor of the list. */
export function After(description: string, decode: (cursor: string) => unknown): PropertyDecorator {
  return allOf(
    NullableField(() => String, description),
    Rule(
      'INVALID_CURSOR',
      'Use a cursor that a list of this kind returned.',
      (after: string) => decode(after) !== undefined,
    ),
  );
}

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
  @Field(() => Boolean, 'Whether the list continues after endCursor.')
  hasNextPage!: boolean;
  @Field(() => Boolean, 'Whether you sent `after`. Lists can be paged forwards only: no argument leads back.')
  hasPreviousPage!: boolean;
  @NullableField(() => String, 'The cursor of the first edge. Null when the page is empty.')
  startCursor!: string | null;

  @NullableField(
    () => String,
    'The cursor of the last edge: send it as `after` to get the next page. Null when the page is empty.',
  )
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
