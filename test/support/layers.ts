/**
 * The layers and packages that each layer under src may import. The layer of a file is the deepest folder, or the file itself,
 * that is listed here. Files of one layer may import each other. A file outside these layers may import nothing.
 */
export const MAY_IMPORT: Record<
  string,
  { readonly internal: readonly string[]; readonly packages: readonly string[] }
> = {
  'main.ts': { internal: ['lib', 'programs'], packages: [] },
  commands: { internal: ['lib', 'programs'], packages: [] },
  programs: { internal: ['compose', 'config', 'domain', 'identity', 'lib'], packages: [] },
  compose: {
    internal: [
      ...['config', 'domain', 'flinks', 'identity', 'lib', 'metrics.ts', 'payments', 'reconciliation', 'resolvers'],
      ...['schema', 'server/graphql', 'server/http', 'server/request', 'server/subscriptions', 'store'],
      ...['store/contracts', 'store/database', 'store/encryption', 'store/sql'],
    ],
    packages: ['fastify'],
  },
  config: { internal: ['domain', 'flinks', 'lib', 'reconciliation'], packages: ['ipaddr.js', 'zod'] },
  'metrics.ts': { internal: ['flinks', 'payments', 'store/contracts'], packages: ['prom-client'] },
  'server/http': {
    internal: [
      'domain',
      'identity',
      'lib',
      'resolvers',
      'schema',
      'server/graphql',
      'server/request',
      'server/subscriptions',
    ],
    packages: [
      ...['@apollo/server', '@as-integrations/fastify', '@fastify/cors', 'fastify'],
      ...['graphql', 'prom-client'],
    ],
  },
  'server/subscriptions': {
    internal: [
      'domain',
      'identity',
      'lib',
      'payments',
      'resolvers',
      'server/graphql',
      'server/request',
      'store/contracts',
    ],
    packages: ['fastify', 'graphql', 'graphql-ws', 'ipaddr.js', 'undici', 'ws'],
  },
  'server/graphql': {
    internal: ['domain', 'lib', 'resolvers', 'schema', 'server/request'],
    packages: ['@apollo/server', 'graphql', 'zod'],
  },
  'server/request': { internal: ['domain', 'identity', 'lib', 'resolvers'], packages: ['fastify', 'graphql'] },
  identity: { internal: ['domain', 'lib', 'store/contracts'], packages: ['jose'] },
  resolvers: {
    internal: ['domain', 'lib', 'payments', 'schema'],
    packages: ['graphql', 'graphql-scalars', 'type-graphql'],
  },
  schema: {
    internal: ['domain'],
    packages: [
      ...['@apollo/subgraph', '@graphql-tools/utils', 'graphql', 'graphql-scalars'],
      ...['reflect-metadata', 'type-graphql'],
    ],
  },
  payments: { internal: ['domain', 'flinks', 'lib', 'store/contracts', 'store/encryption'], packages: ['dataloader'] },
  reconciliation: {
    internal: ['domain', 'flinks', 'payments', 'store/contracts'],
    packages: ['csv-parse', 'temporal-polyfill'],
  },
  flinks: { internal: ['domain', 'lib'], packages: ['cockatiel', 'undici', 'zod'] },
  store: {
    internal: ['domain', 'store/contracts', 'store/database', 'store/encryption', 'store/sql'],
    packages: ['kysely'],
  },
  'store/sql': {
    internal: ['domain', 'lib', 'store/contracts', 'store/database', 'store/encryption'],
    packages: ['kysely'],
  },
  'store/encryption': { internal: ['domain', 'store/database'], packages: ['kysely'] },
  'store/database': { internal: ['domain', 'lib', 'store/contracts'], packages: ['kysely', 'pg'] },
  'store/contracts': { internal: ['domain'], packages: [] },
  domain: { internal: ['lib'], packages: [] },
  lib: { internal: [], packages: ['pino'] },
};
