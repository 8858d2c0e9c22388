import { readFileSync, readdirSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** What each place under src may import of ours, and which packages. A place that is not listed may import nothing. */
const MAY_IMPORT: Record<string, { readonly ours: readonly string[]; readonly packages: readonly string[] }> = {
  'api-keys.ts': { ours: ['compose-commands.ts', 'config.ts', 'identity', 'log.ts'], packages: [] },
  'erase-personal-data.ts': { ours: ['compose-store.ts', 'config.ts', 'log.ts'], packages: [] },
  'reconcile.ts': { ours: ['compose-commands.ts', 'config.ts', 'log.ts'], packages: [] },
  'resolve.ts': { ours: ['compose-commands.ts', 'config.ts', 'domain', 'log.ts'], packages: [] },
  'main.ts': { ours: ['compose.ts', 'config.ts', 'log.ts'], packages: [] },
  'compose.ts': {
    ours: [
      'callbacks',
      'compose-payments.ts',
      'compose-store.ts',
      'config.ts',
      'domain',
      'identity',
      'metrics.ts',
      'operation-manifest.ts',
      'payments',
      'resolvers',
      'schema',
      'server',
      'store',
    ],
    packages: ['fastify'],
  },
  'config.ts': {
    ours: ['config-database-url.ts', 'config-secrets.ts', 'config-values.ts', 'domain'],
    packages: ['zod'],
  },
  'config-database-url.ts': { ours: ['config-secrets.ts'], packages: ['zod'] },
  'config-secrets.ts': { ours: ['domain'], packages: ['zod'] },
  'compose-commands.ts': {
    ours: ['compose-store.ts', 'config.ts', 'identity', 'log.ts', 'payments', 'reconciliation', 'store'],
    packages: [],
  },
  'compose-payments.ts': {
    ours: ['config.ts', 'flinks', 'log.ts', 'metrics.ts', 'payments', 'reconciliation', 'store'],
    packages: [],
  },
  'compose-store.ts': { ours: ['config.ts', 'log.ts', 'store'], packages: [] },
  'config-values.ts': { ours: ['domain', 'flinks', 'reconciliation'], packages: ['ipaddr.js', 'zod'] },
  'deadline.ts': { ours: [], packages: [] },
  'log.ts': { ours: [], packages: ['pino'] },
  'metrics.ts': { ours: ['flinks', 'payments', 'store'], packages: ['prom-client'] },
  'operation-manifest.ts': { ours: [], packages: ['graphql', 'zod'] },
  server: {
    ours: ['callbacks', 'domain', 'identity', 'log.ts', 'resolvers', 'schema'],
    packages: [
      '@apollo/server',
      '@escape.tech/graphql-armor-max-aliases',
      '@escape.tech/graphql-armor-max-depth',
      '@fastify/cors',
      '@as-integrations/fastify',
      '@graphql-yoga/render-graphiql',
      'fastify',
      'graphql',
      'graphql-ws',
      'prom-client',
      'ws',
    ],
  },
  callbacks: { ours: ['deadline.ts', 'domain', 'log.ts', 'store'], packages: ['ipaddr.js', 'undici'] },
  identity: { ours: ['domain', 'log.ts', 'store'], packages: ['jose'] },
  resolvers: {
    ours: ['domain', 'log.ts', 'payments', 'schema'],
    packages: ['graphql', 'graphql-scalars', 'type-graphql'],
  },
  schema: {
    ours: ['domain'],
    packages: [
      '@apollo/subgraph',
      '@graphql-tools/utils',
      'class-validator',
      'graphql',
      'graphql-scalars',
      'reflect-metadata',
      'type-graphql',
    ],
  },
  payments: { ours: ['deadline.ts', 'domain', 'flinks', 'log.ts', 'store'], packages: ['dataloader'] },
  reconciliation: { ours: ['domain', 'flinks', 'payments', 'store'], packages: ['csv-parse', 'temporal-polyfill'] },
  store: { ours: ['domain'], packages: ['kysely', 'libsql', 'pg'] },
  domain: { ours: [], packages: ['uuid'] },
  flinks: { ours: ['deadline.ts', 'domain', 'log.ts'], packages: ['cockatiel', 'undici', 'zod'] },
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

/** The first part of a path below src: a folder or a file. */
const placeOf = (path: string): string => path.split('/')[0] ?? '';

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
    expect(readers).toEqual(['api-keys.ts', 'erase-personal-data.ts', 'main.ts', 'reconcile.ts', 'resolve.ts']);
  });
});
