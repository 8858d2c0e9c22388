import type { GraphQLError, GraphQLSchema } from 'graphql';
import { BoundedCache } from '../../../lib/bounded-cache.js';
import { documentProblem } from './document-limits.js';

/** Clients send the same few documents again and again. */
const MAX_DOCUMENTS = 1_000;
/** Longer documents are not cached: generated ones are long, and differ each time. */
const MAX_DOCUMENT_CHARACTERS = 10_000;

/**
 * Checks the size of each document once while it is among the most recent ones. A check takes a quarter of the time of
 * a whole request.
 */
export class DocumentCheckCache {
  /** Documents without a problem. */
  readonly #known = new BoundedCache<string, true>(MAX_DOCUMENTS);

  constructor(private readonly schema: GraphQLSchema) {}

  /** Returns why a document is too large; undefined when it is not. */
  problemOf(query: string): GraphQLError | undefined {
    if (this.#known.get(query)) return undefined;
    const problem = documentProblem(query, this.schema);
    if (problem === undefined && query.length <= MAX_DOCUMENT_CHARACTERS) this.#known.set(query, true);
    return problem;
  }
}
