import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from './free-port.mjs';
import { startProduct } from './product.mjs';
import { Server } from './programs.mjs';

const peerFile = (name) => fileURLToPath(new URL(`peers/${name}.mjs`, import.meta.url));

/** Composes what Hive Gateway serves, which its users do before they start it. */
function composeSupergraph(setup) {
  const output = join(setup.folder, 'supergraph.graphql');
  const env = { ...process.env, ...setup.upstreamEnvironment };
  execFileSync(process.execPath, [peerFile('hive-gateway/compose'), output], {
    env,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  return { SUPERGRAPH: output };
}

/** What is measured: `start` starts its server, `load` is what the load generator has to know about it. */
const peer = (id, title, file, { load = {}, prepare = () => ({}) } = {}) => ({
  id,
  title,
  callers: 1,
  load,
  start: async (setup) => {
    const url = `http://127.0.0.1:${await freePort()}`;
    const env = { ...setup.upstreamEnvironment, ...prepare(setup), NODE_ENV: 'production', PORT: new URL(url).port };
    return Server.start({ name: id, folder: setup.folder, command: [process.execPath, peerFile(file)], env, url });
  },
});

const product = (id, title, database, callers = 1) => ({
  id,
  title,
  callers,
  load: {},
  start: async (setup, options = {}) =>
    startProduct({
      name: id,
      url: `http://127.0.0.1:${await freePort()}`,
      databaseUrl: await setup.createDatabase(database),
      ...setup.upstream,
      ...options,
    }),
});

export const FASTIFY = peer('fastify', 'Fastify + undici, no GraphQL', 'fastify', { load: { rest: true } });
export const MERCURIUS = peer('mercurius', 'Mercurius with JIT', 'mercurius');
export const APOLLO = peer('apollo-server', 'Apollo Server 5 on Fastify', 'apollo-server');
export const YOGA = peer('yoga', 'GraphQL Yoga', 'yoga');
export const HIVE = peer('hive-gateway', 'Hive Gateway over OpenAPI', 'hive-gateway/main', {
  prepare: composeSupergraph,
});

export const SQLITE = product('sqlite', 'this project, SQLite', 'sqlite');
export const SQLITE_50 = product('sqlite-50', 'this project, SQLite, 50 callers', 'sqlite', 50);
export const POSTGRES = product('postgres', 'this project, PostgreSQL', 'postgres');
export const POSTGRES_50 = product('postgres-50', 'this project, PostgreSQL, 50 callers', 'postgres', 50);

export const PEERS = [FASTIFY, MERCURIUS, APOLLO, YOGA, HIVE];
export const PRODUCTS = [SQLITE, SQLITE_50, POSTGRES, POSTGRES_50];
