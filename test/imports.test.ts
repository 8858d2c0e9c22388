import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { MAY_IMPORT } from './support/layers.js';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

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

/** The innermost layer of a path below src. */
function layerOf(path: string): string {
  const parts = path.split('/');
  const layers = parts.map((_, index) => parts.slice(0, index + 1).join('/'));
  return layers.findLast((layer) => layer in MAY_IMPORT) ?? path;
}

function isPermitted({ from, to }: Import): boolean {
  const permitted = MAY_IMPORT[layerOf(from)];
  if (permitted === undefined) return false;
  if (to.startsWith('node:')) return true;
  if (!to.startsWith('.')) return permitted.packages.some((name) => to === name || to.startsWith(`${name}/`));
  const target = relative(ROOT, resolve(ROOT, 'src', dirname(from), to)).replace(/\.js$/, '.ts');
  if (!target.startsWith('src/')) return false;
  const layer = layerOf(target.slice('src/'.length));
  return layer === layerOf(from) || permitted.internal.includes(layer);
}

/** The files of an import cycle under src, including type imports. Empty if there is none. */
function findCycle(): string[] {
  const targets = new Map<string, string[]>();
  for (const { from, to } of importsUnder('src'))
    if (to.startsWith('.'))
      targets.set(from, [...(targets.get(from) ?? []), join(dirname(from), to).replace(/\.js$/, '.ts')]);
  const done = new Set<string>();
  const visit = (file: string, path: readonly string[]): string[] => {
    if (path.includes(file)) return [...path.slice(path.indexOf(file)), file];
    if (done.has(file)) return [];
    const cycle = (targets.get(file) ?? []).map((to) => visit(to, [...path, file])).find((each) => each.length > 0);
    done.add(file);
    return cycle ?? [];
  };
  return [...targets.keys()].map((file) => visit(file, [])).find((each) => each.length > 0) ?? [];
}

describe('the source code', () => {
  it('imports along the direction of the layers only', () => {
    const imports = importsUnder('src');
    expect(imports.length).toBeGreaterThan(100);
    expect(imports.filter((each) => !isPermitted(each))).toEqual([]);
  });

  it('has no import cycle', () => {
    expect(findCycle()).toEqual([]);
  });

  it('imports nothing of the gateway into the sandbox', () => {
    const outside = importsUnder('sandbox').filter(({ to }) => to.startsWith('.') && to.includes('src/'));
    expect(outside).toEqual([]);
  });

  it('keeps the client package independent, and each of its parts to the libraries of its clients', () => {
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

  it('imports nothing into the entry points before they have checked the version of Node', () => {
    const [entryPoints, staticImport] = [/^(main|commands\/.+)\.ts$/, /^(?:import|export)\b.*'(.+)'/gm];
    const early = readdirSync(resolve(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
      .filter((file) => entryPoints.test(file))
      .map((file) => [...readFileSync(resolve(ROOT, 'src', file), 'utf8').matchAll(staticImport)].map(([, to]) => to));
    expect(early).toHaveLength(5);
    for (const imports of early) expect(imports).toEqual([expect.stringMatching(/\/lib\/supported-node\.js$/)]);
    expect(importsUnder('src').filter(({ from }) => from === 'lib/supported-node.ts')).toEqual([]);
  });

  it('reads the environment only in the programs', () => {
    const readers = readdirSync(resolve(ROOT, 'src'), { recursive: true, encoding: 'utf8' }).filter(
      (file) => file.endsWith('.ts') && readFileSync(resolve(ROOT, 'src', file), 'utf8').includes('process.env'),
    );
    expect(readers.sort()).toEqual([
      'programs/api-keys.ts',
      'programs/erase-personal-data.ts',
      'programs/gateway.ts',
      'programs/reconcile.ts',
      'programs/resolve.ts',
    ]);
  });
});
