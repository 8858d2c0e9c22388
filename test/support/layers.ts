/**
 * What each place under src may import of ours, and which packages. The place of a file is the deepest folder, or the file itself,
 * that stands here; inside a place everything may import everything. A place that is not listed may import nothing.
 */
export const MAY_IMPORT: Record<string, { readonly ours: readonly string[]; readonly packages: readonly string[] }> = {
  'main.ts': { ours: ['compose', 'config', 'lib'], packages: [] },
  commands: { ours: ['compose', 'config', 'domain', 'identity', 'lib'], packages: [] },
  compose: {
    ours: [
      ...['config', 'domain', 'flinks', 'identity', 'lib', 'metrics.ts', 'payments', 'reconciliation', 'resolvers'],
      ...['schema', 'server/graphql', 'server/http', 'server/request', 'server/subscriptions', 'store'],
      ...['store/contracts', 'store/database', 'store/encryption', 'store/sql'],
    ],
    packages: ['fastify'],
  },
  config: { ours: ['domain', 'flinks', 'lib', 'reconciliation'], packages: ['ipaddr.js', 'zod'] },
  'metrics.ts': { ours: ['flinks', 'payments', 'store/contracts'], packages: ['prom-client'] },
  'server/http': {
    ours: [
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
      ...['@apollo/server', '@as-integrations/fastify', '@fastify/cors', '@graphql-yoga/render-graphiql', 'fastify'],
      ...['graphql', 'prom-client'],
    ],
  },
  'server/subscriptions': {
    ours: ['domain', 'identity', 'lib', 'payments', 'resolvers', 'server/graphql', 'server/request', 'store/contracts'],
    packages: ['fastify', 'graphql', 'graphql-ws', 'ipaddr.js', 'undici', 'ws'],
  },
  'server/graphql': {
    ours: ['domain', 'lib', 'resolvers', 'schema', 'server/request'],
    packages: [
      ...['@apollo/server', '@escape.tech/graphql-armor-max-aliases', '@escape.tech/graphql-armor-max-depth'],
      ...['graphql', 'zod'],
    ],
  },
  'server/request': { ours: ['domain', 'identity', 'lib', 'resolvers'], packages: ['fastify', 'graphql'] },
  identity: { ours: ['domain', 'lib', 'store/contracts'], packages: ['jose'] },
  resolvers: {
    ours: ['domain', 'lib', 'payments', 'schema'],
    packages: ['graphql', 'graphql-scalars', 'type-graphql'],
  },
  schema: {
    ours: ['domain'],
    packages: [
      ...['@apollo/subgraph', '@graphql-tools/utils', 'class-validator', 'graphql', 'graphql-scalars'],
      ...['reflect-metadata', 'type-graphql'],
    ],
  },
  payments: { ours: ['domain', 'flinks', 'lib', 'store/contracts', 'store/encryption'], packages: ['dataloader'] },
  reconciliation: {
    ours: ['domain', 'flinks', 'payments', 'store/contracts'],
    packages: ['csv-parse', 'temporal-polyfill'],
  },
  flinks: { ours: ['domain', 'lib'], packages: ['cockatiel', 'undici', 'zod'] },
  store: {
    ours: ['domain', 'store/contracts', 'store/database', 'store/encryption', 'store/sql'],
    packages: ['kysely'],
  },
  'store/sql': {
    ours: ['domain', 'lib', 'store/contracts', 'store/database', 'store/encryption'],
    packages: ['kysely'],
  },
  'store/encryption': { ours: ['domain', 'store/database'], packages: ['kysely'] },
  'store/database': { ours: ['domain', 'lib', 'store/contracts'], packages: ['kysely', 'libsql', 'pg'] },
  'store/contracts': { ours: ['domain'], packages: [] },
  domain: { ours: ['lib'], packages: ['uuid'] },
  lib: { ours: [], packages: ['pino'] },
};
