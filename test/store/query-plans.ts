import { sql } from 'kysely';
import type { Compilable, Explainable } from 'kysely';
import type { Database } from '../../src/store/database/database.js';

interface PlanNode {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Index Name'?: string;
  readonly 'Actual Rows': number;
  readonly 'Actual Loops': number;
  readonly 'Rows Removed by Filter'?: number;
  readonly 'Rows Removed by Index Recheck'?: number;
  readonly 'Shared Hit Blocks': number;
  readonly 'Shared Read Blocks': number;
  readonly Plans?: readonly PlanNode[];
}

/** How PostgreSQL executed a query. */
export interface PostgresPlan {
  /** Every plan node with its index, outermost first. */
  readonly shape: readonly string[];
  /** The plan nodes that read a table. */
  readonly scans: readonly string[];
  /** The rows that they returned, and the rows that they read and discarded. */
  readonly rows: number;
  readonly removed: number;
  /** The blocks of 8 kB that were read, of tables and indexes. */
  readonly buffers: number;
}

/** Runs a query and returns how it was executed. */
export async function postgresPlan(query: Explainable): Promise<PostgresPlan> {
  const [explanation] = await query.explain<{ 'QUERY PLAN': [{ Plan: PlanNode }] }>('json', sql`analyze, buffers`);
  if (explanation === undefined) throw new Error('nothing was explained');
  const root = explanation['QUERY PLAN'][0].Plan;
  const nodes = flattened(root);
  const scans = nodes.filter((node) => node['Relation Name'] !== undefined);
  const sum = (count: (node: PlanNode) => number): number => scans.reduce((all, node) => all + count(node), 0);
  return {
    shape: nodes.map(nameOf),
    scans: scans.map(nameOf),
    rows: sum((node) => node['Actual Rows'] * node['Actual Loops']),
    removed: sum((node) => (node['Rows Removed by Filter'] ?? 0) + (node['Rows Removed by Index Recheck'] ?? 0)),
    buffers: root['Shared Hit Blocks'] + root['Shared Read Blocks'],
  };
}

function flattened(node: PlanNode): PlanNode[] {
  return [node, ...(node.Plans ?? []).flatMap(flattened)];
}

function nameOf(node: PlanNode): string {
  return node['Index Name'] === undefined ? node['Node Type'] : `${node['Node Type']} using ${node['Index Name']}`;
}

/** The steps with which SQLite would execute a query. */
export async function sqlitePlan({ kysely }: Database, query: Compilable): Promise<string[]> {
  const compiled = query.compile();
  const { rows } = await kysely.executeQuery({ ...compiled, sql: `explain query plan ${compiled.sql}` });
  return (rows as { detail: string }[]).map(({ detail }) => detail);
}
