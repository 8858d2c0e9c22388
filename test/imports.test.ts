import { readFileSync, readdirSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/**
 * What each place under src may import of ours, and which packages. The place of a file is the deepest folder, or the file itself,
 * that stands here; inside a place everything may import everything. A place that is not listed may import nothing.
 */
const MAY_IMPORT: Record<string, { readonly ours: readonly string[]; readonly packages: readonly string[] }> = {
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
  domain: { ours: [], packages: ['uuid'] },
  lib: { ours: [], packages: ['pino'] },
};

interface Import {
  readonly from: string;
  readonly to: string;
}

function importsUnder(folder: string): Import[] {
  const files = readdirSync(resolve(ROOT, folder), { recursive: true, encoding: 'utf8' }).filter((file) =>
    /(?<!\.d)\.ts$/.test(file),
  );
  return files.flatMap((file) => {
    const source = readFileSync(resolve(ROOT, folder, file), 'utf8');
    const targets = [...source.matchAll(/\b(?:from|import)\s*\(?\s*'([^']+)'/g)].map(([, target]) => target ?? '');
    return targets.map((to) => ({ from: file, to }));
  });
}

/** The deepest place that a path below src is in. */
function placeOf(path: string): string {
  const parts = path.split('/');
  const places = parts.map((_, index) => parts.slice(0, index + 1).join('/'));
  return places.findLast((place) => place in MAY_IMPORT) ?? path;
}

function isPermitted({ from, to }: Import): boolean {
  const permitted = MAY_IMPORT[placeOf(from)];
  if (permitted === undefined) return false;
  if (to.startsWith('node:')) return true;
  if (!to.startsWith('.')) return permitted.packages.some((name) => to === name || to.startsWith(`${name}/`));
  const target = relative(ROOT, resolve(ROOT, 'src', dirname(from), to)).replace(/\.js$/, '.ts');
  if (!target.startsWith('src/')) return false;
  const place = placeOf(target.slice('src/'.length));
  return place === placeOf(from) || permitted.ours.includes(place);
}

describe('imports', () => {
  it('follow the direction of the layers', () => {
    const imports = importsUnder('src');
    expect(imports.length).toBeGreaterThan(100);
    expect(imports.filter((each) => !isPermitted(each))).toEqual([]);
  });

  it('keep gateway and sandbox apart', () => {
    const outside = importsUnder('sandbox').filter(({ to }) => to.startsWith('.') && to.includes('src/'));
    expect(outside).toEqual([]);
  });

  it('keep the package for frontends to itself, and its parts to the clients they are for', () => {
    const peers: Record<string, readonly string[]> = {
      'apollo.ts': ['@apollo/client', 'rxjs'],
      'urql.ts': ['@urql/core', 'wonka'],
    };
    const forAll = ['graphql', '@graphql-typed-document-node/core'];
    const isPermittedThere = ({ from, to }: Import) =>
      to.startsWith('.')
        ? resolve(ROOT, 'client/src', dirname(from), to).startsWith(resolve(ROOT, 'client/src'))
        : [...forAll, ...(peers[from] ?? [])].some((name) => to === name || to.startsWith(`${name}/`));
    const imports = importsUnder('client/src');
    expect(imports.length).toBeGreaterThan(10);
    expect(imports.filter((each) => !isPermittedThere(each))).toEqual([]);
  });

  it('read the environment in one place only', () => {
    const readers = readdirSync(resolve(ROOT, 'src'), { recursive: true, encoding: 'utf8' }).filter(
      (file) => file.endsWith('.ts') && readFileSync(resolve(ROOT, 'src', file), 'utf8').includes('process.env'),
    );
    expect(readers.sort()).toEqual([
      'commands/api-keys.ts',
      'commands/erase-personal-data.ts',
      'commands/reconcile.ts',
      'commands/resolve.ts',
      'main.ts',
    ]);
  });
});
