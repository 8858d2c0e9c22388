// What is measured. Contestants with the same `server` share its process.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from './free-port.mjs';
import { startProduct } from './product.mjs';
import { Server } from './programs.mjs';

const peerFile = (name) => fileURLToPath(new URL(`peers/${name}.mjs`, import.meta.url));

/** A server other than this project. `environment` returns what it needs besides the settings of every peer. */
export function peer(id, title, file, { load = {}, environment = () => ({}) } = {}) {
  const start = async (setup) => {
    const url = `http://127.0.0.1:${await freePort()}`;
    const { port: PORT } = new URL(url);
    const env = { ...setup.upstreamEnvironment, ...environment(setup), NODE_ENV: 'production', PORT };
    return Server.start({ name: id, folder: setup.folder, command: [process.execPath, peerFile(file)], env, url });
  };
  return { id, title, clients: 1, load, server: { start, isShared: true } };
}

/** This project. By default it gets an empty database of the given kind. */
export function product(kind, options = {}) {
  const start = async (setup) =>
    startProduct({
      name: kind,
      url: `http://127.0.0.1:${await freePort()}`,
      databaseUrl: options.databaseUrl ?? (await setup.createDatabase(kind)),
      ...setup.upstream,
      ...options,
    });
  const title = `this project, ${kind}`;
  const isShared = Object.keys(options).length === 0;
  return { id: kind, title, clients: 1, load: {}, server: { start, isShared }, isPostgres: kind === 'PostgreSQL' };
}

/** The same server with another number of clients. */
function withClients(contestant, clients) {
  return {
    ...contestant,
    id: `${contestant.id}-${clients}`,
    title: `${contestant.title}, ${clients} clients`,
    clients,
  };
}

/** Composes what Hive Gateway serves, which its users do before they start it. */
function composeSupergraph(setup) {
  const output = join(setup.folder, 'supergraph.graphql');
  const env = { ...process.env, ...setup.upstreamEnvironment };
  const command = [peerFile('hive-gateway/compose'), output];
  execFileSync(process.execPath, command, { env, stdio: ['ignore', 'ignore', 'inherit'] });
  return { SUPERGRAPH: output };
}

export const FASTIFY = peer('fastify', 'Fastify + undici, no GraphQL', 'fastify', { load: { rest: true } });
export const MERCURIUS = peer('mercurius', 'Mercurius with JIT', 'mercurius');
export const APOLLO = peer('apollo-server', 'Apollo Server 5 on Fastify', 'apollo-server');
export const YOGA = peer('yoga', 'GraphQL Yoga', 'yoga');
export const HIVE = peer('hive-gateway', 'Hive Gateway over OpenAPI', 'hive-gateway/main', {
  environment: composeSupergraph,
});
export const PEERS = [FASTIFY, MERCURIUS, APOLLO, YOGA, HIVE];

export const SQLITE = product('SQLite');
export const SQLITE_50 = withClients(SQLITE, 50);
export const POSTGRES = product('PostgreSQL');
export const POSTGRES_50 = withClients(POSTGRES, 50);
export const PRODUCTS = [SQLITE, SQLITE_50, POSTGRES, POSTGRES_50];
