import pg from 'pg';
import { isDirect } from './postgres-client.js';
import { PostgresSettings } from './postgres-settings.js';
import type { DurableCommit } from './postgres-settings.js';
import { StoreConfigurationError } from './store-configuration-error.js';

/** What is found out about a server before anything is written to it. */
export interface PostgresRequirements {
  /** Nothing is in between that hands connections to others. */
  readonly isDirect: boolean;
  readonly commit: DurableCommit;
}

interface Facts {
  readonly fsync: string;
  readonly pages: string;
  readonly encoding: string;
  readonly commit: string;
  readonly standby: boolean;
  readonly read_only: string;
}

const FACTS = `select current_setting('fsync') as fsync, current_setting('full_page_writes') as pages,
  current_setting('server_encoding') as encoding, current_setting('synchronous_commit') as commit,
  pg_is_in_recovery() as standby, current_setting('default_transaction_read_only') as read_only`;

const IN_TRANSACTION = `select current_setting('synchronous_commit') as commit,
  current_setting('transaction_isolation') as isolation, current_setting('client_encoding') as encoding`;

/** Throws `UnfitStore` where what is promised would not hold. */
export async function checkPostgres(connection: pg.ClientConfig): Promise<PostgresRequirements> {
  const client = new pg.Client(connection);
  // It breaks in a query as well, which tells it.
  client.on('error', () => undefined);
  try {
    await client.connect();
    return await check(client);
  } catch (error) {
    if (error instanceof StoreConfigurationError) throw error;
    throw configurationError(`that cannot be used: ${explain(error as Error & { code?: string })}`);
  } finally {
    client.end().catch(() => undefined);
  }
}

async function check(client: pg.Client): Promise<PostgresRequirements> {
  const { rows } = await client.query<Facts>(FACTS);
  const facts = rows[0] as Facts;
  refuseUnsafe(facts);
  const commit = facts.commit === 'remote_apply' ? 'remote_apply' : 'on';
  await refuseUnsettled(client, new PostgresSettings(commit), commit);
  return { isDirect: await isDirect(client), commit };
}

function refuseUnsafe({ fsync, pages, encoding, standby, read_only }: Facts): void {
  if (fsync !== 'on') throw configurationError('with fsync off: it would lose payments when its machine fails');
  if (pages !== 'on')
    throw configurationError(
      'with full_page_writes off: pages that tear when its machine fails would take payments with them',
    );
  if (encoding !== 'UTF8')
    throw configurationError(
      `database with the encoding ${encoding}, which cannot hold every name and reference: ` +
        `make one with "create database … encoding 'UTF8' template template0"`,
    );
  if (standby) throw configurationError('server that is a standby and takes no writes: name the primary');
  // Not overruled: it may be how its operators fence off a server that another one has replaced.
  if (read_only === 'on')
    throw configurationError('database with default_transaction_read_only on: it takes no writes');
}

/** A transaction must keep what its first statement sets, and give it up at its end. */
async function refuseUnsettled(client: pg.Client, settings: PostgresSettings, commit: DurableCommit): Promise<void> {
  const asked = async () =>
    (await client.query<Record<'commit' | 'isolation' | 'encoding', string>>(IN_TRANSACTION)).rows;
  await client.query(settings.begin);
  const seen = [...(await asked()), ...(await asked())];
  await client.query('rollback');
  if (seen.some((each) => each.commit !== commit || each.isolation !== 'read committed'))
    throw configurationError(
      'behind a pooler that does not keep a transaction on one connection: let it pool transactions or sessions',
    );
  if (seen.some(({ encoding }) => encoding !== 'UTF8'))
    throw configurationError('connection whose client_encoding is not UTF8: leave that setting out of it');
}

function configurationError(problem: string): StoreConfigurationError {
  return new StoreConfigurationError('DATABASE_URL', `names a PostgreSQL ${problem}`);
}

/** A connection that was tried at several addresses fails without a message. */
function explain({ message, code }: Error & { code?: string }): string {
  return message === '' ? (code ?? 'no answer') : message;
}
