import { describe, expect, it } from '@jest/globals';
import { Client } from 'pg';
import { TestPostgres } from './postgres.js';
import { childrenOf } from './processes.js';
import { withService } from './services.js';

const postgres = withService(new TestPostgres());

describe('PostgreSQL for tests', () => {
  it('is as durable as a real one', async () => {
    const settings = await postgres.query(
      `select current_setting('fsync') fsync, current_setting('synchronous_commit') commit`,
    );
    expect(settings).toEqual([{ fsync: 'on', commit: 'on' }]);
  });

  it('gives every test a separate database', async () => {
    const [first, second] = [await postgres.createDatabase(), await postgres.createDatabase()];
    await postgres.query('create table payments (id int)', first);
    await expect(postgres.query('select * from payments', second)).rejects.toThrow('does not exist');
  });

  it('keeps what was committed when it is killed, and nothing else', async () => {
    const name = await postgres.createDatabase();
    await postgres.query('create table payments (id int)', name);
    const client = await connected(name);
    await client.query('insert into payments values (1)');
    await client.query('begin; insert into payments values (2)');
    await postgres.kill();
    await expect(client.query('commit')).rejects.toThrow();
    await postgres.restart();
    expect(await postgres.query('select id from payments', name)).toEqual([{ id: 1 }]);
  });

  it('does not respond while it is paused', async () => {
    const client = await connected('postgres');
    postgres.pause();
    const result = client.query('select 1 one');
    const pending = connected('postgres');
    expect(await Promise.race([result, pending, new Promise((resolve) => setTimeout(resolve, 200, 'silence'))])).toBe(
      'silence',
    );
    postgres.resume();
    expect((await result).rows).toEqual([{ one: 1 }]);
    await Promise.all([client.end(), (await pending).end()]);
  });

  it('leaves no process behind', async () => {
    const other = await new TestPostgres().start();
    const started = childrenOf(process.pid);
    other.pause();
    await other.stop();
    expect(childrenOf(process.pid)).toHaveLength(started.length - 1);
  });
});

async function connected(database: string): Promise<Client> {
  const client = new Client({ connectionString: postgres.databaseUrl(database) });
  // The end of the server already makes the queries fail.
  client.on('error', () => undefined);
  await client.connect();
  return client;
}
