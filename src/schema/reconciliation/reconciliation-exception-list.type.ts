import { ArgsType } from 'type-graphql';
import { isPaymentId } from '../../domain/ids.js';
import { ROW_EXCEPTION_KINDS } from '../../domain/reconciliation.js';
import type { ReconciliationException as DomainException } from '../../domain/reconciliation.js';
import { decodeCursor, encodeCursor } from '../pagination/cursor.js';
import { After, First, PaymentPageInfo } from '../pagination/page.js';
import { BackofficeType } from '../subgraph/directives.js';
import { Field, instance } from '../typegraphql.js';
import { ReconciliationException } from './reconciliation-exception.union.js';

type Key = DomainException['key'];

interface ExceptionPage {
  readonly exceptions: readonly { readonly key: Key; readonly node: typeof ReconciliationException }[];
  readonly hasNextPage: boolean;
}

@ArgsType()
export class ReconciliationExceptionsArgs {
  @First()
  first!: number;

  @After(
    'Where the page begins: the endCursor of the previous page. Omit it to begin with the first exception.',
    exceptionKeyAt,
  )
  after?: string | null;
}

@BackofficeType("An exception in a day's list.")
export class ReconciliationExceptionEdge {
  @Field(() => String, 'The position of the exception in the list. Opaque.')
  cursor!: string;
  @Field(() => ReconciliationException, 'The exception.')
  node!: typeof ReconciliationException;
}

@BackofficeType("A page of a day's exceptions.")
export class ReconciliationExceptionConnection {
  @Field(
    () => [ReconciliationExceptionEdge],
    'The exceptions of the page: first those of rows, by type, then MissingInFileException, ConflictingStatusException and UpdateMismatchException.',
  )
  edges!: ReconciliationExceptionEdge[];

  @Field(() => PaymentPageInfo, 'Where the page is in the list, and how to get the next one.')
  pageInfo!: PaymentPageInfo;

  /** `after` is the argument of the request. */
  static of({ exceptions, hasNextPage }: ExceptionPage, after: string | undefined): ReconciliationExceptionConnection {
    const edges = exceptions.map(({ key, node }) =>
      instance(ReconciliationExceptionEdge, { cursor: encodeCursor(key), node }),
    );
    const pageInfo = PaymentPageInfo.of({ edges, hasNextPage, after });
    return instance(ReconciliationExceptionConnection, { edges, pageInfo });
  }
}

const isRowKind = (kind: unknown): boolean => ROW_EXCEPTION_KINDS.some((each) => each === kind);
const isDigest = (text: unknown): boolean => typeof text === 'string' && /^[\da-f]{32}$/.test(text);
const isId = (id: unknown): boolean => typeof id === 'string' && isPaymentId(id);
/** PostgreSQL rejects integers beyond 32 bits, and its error would be taken for an unavailable database. */
const isCount = (part: unknown): boolean => Number.isInteger(part) && Math.abs(Number(part)) < 2 ** 31;

/** Shapes of the keys of rows, payments, events and mismatches, by their first part. */
const SHAPES = [[isRowKind, isDigest, isCount], [isId], [isId, isCount], [isCount]];

/** Decodes the cursor of an exception; undefined for other text. */
export function exceptionKeyAt(cursor: string): Key | undefined {
  const key = decodeCursor(cursor);
  const [group, ...parts] = key ?? [];
  const shape = SHAPES.find((_, index) => index === group);
  return shape?.length === parts.length && shape.every((fits, index) => fits(parts[index])) ? key : undefined;
}
