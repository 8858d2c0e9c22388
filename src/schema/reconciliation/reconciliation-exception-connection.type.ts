import { Field, ObjectType } from 'type-graphql';
import { isPaymentId } from '../../domain/ids.js';
import { ROW_EXCEPTION_KINDS } from '../../domain/reconciliation.js';
import type { ReconciliationException as DomainException } from '../../domain/reconciliation.js';
import { encodeCursor, decodeCursor } from '../pagination/cursor.js';
import { PaymentPageInfo } from '../pagination/payment-page-info.type.js';
import { ReconciliationException } from './reconciliation-exception.union.js';
import { Backoffice } from '../subgraph/directives.js';
import { instance } from '../typegraphql.js';

type Key = DomainException['key'];

@Backoffice()
@ObjectType({ description: "An exception in a day's list." })
export class ReconciliationExceptionEdge {
  @Field(() => String, { description: 'The position of the exception in the list. Opaque.' })
  cursor!: string;

  @Field(() => ReconciliationException, { description: 'The exception.' })
  node!: typeof ReconciliationException;
}

@Backoffice()
@ObjectType({ description: "A page of a day's exceptions." })
export class ReconciliationExceptionConnection {
  @Field(() => [ReconciliationExceptionEdge], {
    description:
      'The exceptions of the page: first those of rows, by type, then MissingInFileException, ConflictingStatusException and UpdateMismatchException.',
  })
  edges!: ReconciliationExceptionEdge[];

  @Field(() => PaymentPageInfo, { description: 'The position of the page in the list.' })
  pageInfo!: PaymentPageInfo;

  /** `after` is the argument of the request. */
  static of(
    nodes: readonly { readonly key: Key; readonly node: typeof ReconciliationException }[],
    hasNextPage: boolean,
    after: string | undefined,
  ): ReconciliationExceptionConnection {
    const edges = nodes.map(({ key, node }) =>
      instance(ReconciliationExceptionEdge, { cursor: encodeCursor(key), node }),
    );
    const pageInfo = PaymentPageInfo.of({ edges, hasNextPage, after });
    return instance(ReconciliationExceptionConnection, { edges, pageInfo });
  }
}

/** Decodes the cursor of an exception; undefined for other text. */
export function exceptionKeyAt(cursor: string): Key | undefined {
  const key = decodeCursor(cursor) ?? [];
  return SHAPES.some((shape) => shape.length === key.length && shape.every((matches, index) => matches(key[index])))
    ? key
    : undefined;
}

type Check = (part: unknown) => boolean;

/** PostgreSQL rejects integers beyond 32 bits, and its error would be taken for an unavailable database. */
const isCount: Check = (part) => Number.isInteger(part) && Math.abs(Number(part)) < 2 ** 31;
const isText =
  (matches: (text: string) => boolean): Check =>
  (part) =>
    typeof part === 'string' && matches(part);
const kinds: readonly string[] = ROW_EXCEPTION_KINDS;

/** Shapes of the keys of rows, payments, events and mismatches. */
const SHAPES: readonly (readonly Check[])[] = [
  [
    (part) => part === 0,
    isText((kind) => kinds.includes(kind)),
    isText((digest) => /^[\da-f]{32}$/.test(digest)),
    isCount,
  ],
  [(part) => part === 1, isText(isPaymentId)],
  [(part) => part === 2, isText(isPaymentId), isCount],
  [(part) => part === 3, isCount],
];
