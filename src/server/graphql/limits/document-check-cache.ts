import type { GraphQLError, GraphQLSchema } from 'graphql';
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
  /** Documents without a problem, in the order in which they were first seen. */
  readonly #known = new Set<string>();

  constructor(private readonly schema: GraphQLSchema) {}

  /** Returns why a document is too large; undefined when it is not. */
  problemOf(query: string): GraphQLError | undefined {
    if (this.#known.has(query)) return undefined;
    const problem = documentProblem(query, this.schema);
    if (problem === undefined && query.length <= MAX_DOCUMENT_CHARACTERS) this.#keep(query);
    return problem;
  }

  #keep(query: string): void {
    const [oldest] = this.#known;
    if (this.#known.size === MAX_DOCUMENTS && oldest !== undefined) this.#known.delete(oldest);
    this.#known.add(query);
  }
}
