import type { GraphQLError, GraphQLSchema } from 'graphql';
import { documentProblem } from './document-limits.js';

/** Clients send the same few documents again and again. */
const MAX_DOCUMENTS = 1_000;
/** Of a document that is kept; generated ones are that long, and differ each time. */
const MAX_DOCUMENT_CHARACTERS = 10_000;

/** Judges each document once, as long as it is among the last ones: that takes as long as a quarter of a request. */
export class DocumentCheckCache {
  /** Those without a problem, the first that were found first. */
  readonly #known = new Set<string>();

  constructor(private readonly schema: GraphQLSchema) {}

  /** Why a document is too large; undefined when it is not. */
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
