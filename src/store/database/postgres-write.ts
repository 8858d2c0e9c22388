import { sql } from 'kysely';
import type { Kysely } from 'kysely';
import type { AppliedGuard, ConditionalWrite, PreparedWrite } from './conditional-write.js';
import { Statement, embed, placeholders } from './statement.js';
import type { Tables } from './tables.js';

/** A statement with its arguments. `name`: the server keeps its plan under it, for the same text each time. */
export interface PostgresQuery {
  readonly name: string;
  readonly text: string;
  readonly values: readonly unknown[];
}

/** Runs conditional writes, each of which is one statement. */
export interface PostgresWriter {
  /** Runs a write; it is durable when the call resolves to its row. */
  run(query: PostgresQuery): Promise<object | undefined>;
  /** `query` is called when it is the turn of the name. */
  runExclusive(name: string, query: () => PostgresQuery): Promise<object | undefined>;
}

let prepared = 0;

/** A conditional write on PostgreSQL: one statement, and so one round trip. */
export class PostgresWrite<Values extends object, Row> implements PreparedWrite<Values, Row> {
  readonly #statement: Statement<Values>;
  readonly #name = `write_${(prepared += 1)}`;

  constructor(
    kysely: Kysely<Tables>,
    private readonly writer: PostgresWriter,
    definition: ConditionalWrite<Values>,
  ) {
    this.#statement = new Statement(kysely, combined(kysely, definition));
  }

  async run(values: Values): Promise<Partial<Row>> {
    return (await this.writer.run(this.#query(values))) ?? {};
  }

  async runExclusive(name: string, values: () => Values): Promise<Partial<Row>> {
    return (await this.writer.runExclusive(name, () => this.#query(values()))) ?? {};
  }

  #query(values: Values): PostgresQuery {
    return { name: this.#name, text: this.#statement.text, values: this.#statement.argumentsOf(values) };
  }
}

/** The check, the guard and each dependent write as a common table expression. */
function combined<Values extends object>(kysely: Kysely<Tables>, definition: ConditionalWrite<Values>) {
  const values = placeholders<Values>();
  const { check, guard, dependents } = definition;
  const passes = check === undefined ? sql<boolean>`true` : sql<boolean>`(select passes from checked) = 1`;
  const applied: AppliedGuard = {
    kysely,
    applied: sql<boolean>`exists (select from applied)`,
    at: sql<number>`(select at from applied)`,
    // Not the table: a statement does not see its own writes.
    first: () => sql`dependent_0`,
  };
  const writes = (dependents?.(values, applied) ?? []).map((each, index) => ({ ...each, name: `dependent_${index}` }));
  const checked = check && sql`checked as materialized (${embed(check(values))}),`;
  const expressions = [
    sql`applied as (${embed(guard(values, passes))})`,
    ...writes.map(({ name, query }) => sql`${sql.id(name)} as (${embed(query)})`),
  ];
  const returning = writes.filter(({ returned }) => returned !== undefined);
  const columns = [
    ...(check ? [sql`checked.*`] : []),
    sql`applied.at`,
    ...returning.flatMap(({ name, returned = [] }) => returned.map((column) => sql.ref(`${name}.${column}`))),
  ];
  return sql`with ${checked ?? sql``} ${sql.join(expressions)} select ${sql.join(columns)}
    from ${check ? sql`checked left join applied on true` : sql`applied`}
    ${sql.join(
      returning.map(({ name }) => sql`left join ${sql.id(name)} on true`),
      sql` `,
    )}`;
}
