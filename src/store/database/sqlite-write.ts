import { DummyDriver, Kysely, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler, sql } from 'kysely';
import type { OperationNodeSource } from 'kysely';
import type { AppliedGuard, ConditionalWrite, PreparedWrite } from './conditional-write.js';
import type { GroupCommit } from './group-commit.js';
import type { NodeSqlite } from './node-sqlite.js';
import { Statement, placeholders } from './statement.js';
import type { Tables } from './tables.js';

type Checked = { readonly passes?: number };
type Applied = { readonly at: number };

/**
 * Writes parameters as `+?`. SQLite would compile a statement again at each run if its plan could depend on the value
 * of a bare one, which costs more than the run.
 */
class OpaqueParameters extends SqliteQueryCompiler {
  protected override getCurrentParameterPlaceholder(): string {
    return `+${super.getCurrentParameterPlaceholder()}`;
  }
}

const COMPILER = new Kysely<Tables>({
  dialect: {
    createAdapter: () => new SqliteAdapter(),
    createDriver: () => new DummyDriver(),
    createIntrospector: (kysely) => new SqliteIntrospector(kysely),
    createQueryCompiler: () => new OpaqueParameters(),
  },
});

/**
 * A conditional write on SQLite: one statement after the other, without a pause. The file belongs to this process, so
 * every run excludes all others.
 */
export class SqliteWrite<Values extends object, Row> implements PreparedWrite<Values, Row> {
  readonly #check: Statement<Values> | undefined;
  readonly #guard: Statement<Values>;
  readonly #dependents: readonly Statement<Values & Applied>[];

  constructor(
    private readonly sqlite: NodeSqlite,
    private readonly commits: GroupCommit,
    { check, guard, dependents }: ConditionalWrite<Values>,
  ) {
    const values = placeholders<Values & Applied>();
    const applied: AppliedGuard = { kysely: COMPILER, applied: sql`true`, at: values.at, first: (row) => row };
    const compile = (query: OperationNodeSource) => new Statement<Values & Applied>(COMPILER, query);
    this.#check = check && compile(check(values));
    this.#guard = compile(guard(values, sql`true`));
    this.#dependents = (dependents?.(values, applied) ?? []).map(({ query }) => compile(query));
  }

  run(values: Values): Promise<Partial<Row>> {
    return this.commits.writeAtOnce(() => this.#run(values));
  }

  runExclusive(_: string, values: () => Values): Promise<Partial<Row>> {
    return this.commits.writeAtOnce(() => this.#run(values()));
  }

  #run(values: Values): Partial<Row> {
    const row: Partial<Row> & Checked = {};
    if (this.#check !== undefined) {
      Object.assign(row, this.#get(this.#check, values));
      if (row.passes !== 1) return row;
    }
    const applied = this.#get(this.#guard, values) as Applied | undefined;
    if (applied === undefined) return row;
    const known = { ...values, at: applied.at };
    for (const dependent of this.#dependents) Object.assign(row, this.#get(dependent, known));
    return Object.assign(row, applied);
  }

  #get<V extends object>(statement: Statement<V>, values: V): object | undefined {
    return this.sqlite.prepare(statement.text).get(statement.argumentsOf(values));
  }
}
