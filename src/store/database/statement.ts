import { ExpressionWrapper, sql } from 'kysely';
import type { Kysely, OperationNodeSource, RawBuilder } from 'kysely';
import type { Tables } from './tables.js';

/** Stands for a value that is known only when the statement runs. */
class Placeholder {
  constructor(readonly name: string) {}
}

/** The values of a statement, as expressions from which it is built. */
export type Placeholders<Values> = { readonly [Name in keyof Values]: RawBuilder<Values[Name]> };

/** Expressions for values of any name. */
export function placeholders<Values>(): Placeholders<Values> {
  const build = (_: unknown, name: string | symbol) => sql`${new Placeholder(String(name))}`;
  return new Proxy({}, { get: build }) as Placeholders<Values>;
}

/**
 * A statement that is built and compiled once, and then runs with different values: for the few statements of every
 * payment, building and compiling costs more than running.
 */
export class Statement<Values extends object> {
  readonly text: string;
  readonly #arguments: readonly unknown[];

  constructor(kysely: Kysely<Tables>, query: OperationNodeSource) {
    const { sql: text, parameters } = sql`${embed(query)}`.compile(kysely);
    this.text = text;
    this.#arguments = parameters;
  }

  /** The arguments for one run. */
  argumentsOf(values: Values): unknown[] {
    return this.#arguments.map((argument) =>
      argument instanceof Placeholder ? values[argument.name as keyof Values] : argument,
    );
  }
}

/** A query as a part of another one. */
export function embed(query: OperationNodeSource): ExpressionWrapper<Tables, keyof Tables, unknown> {
  return new ExpressionWrapper(query.toOperationNode());
}
