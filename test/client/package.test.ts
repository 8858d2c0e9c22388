import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { InMemoryCache } from '@apollo/client';
import { formatDocument, stringifyDocument } from '@urql/core';
import { print } from 'graphql';
import type { DocumentNode } from 'graphql';
import ts from 'typescript';
import * as operations from '../../client/src/generated/operations.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const CLIENT = `${ROOT}client/`;

interface Manifest {
  readonly format: string;
  readonly version: number;
  readonly operations: readonly {
    readonly id: string;
    readonly name: string;
    readonly type: string;
    readonly body: string;
  }[];
}

const manifest = JSON.parse(readFileSync(`${CLIENT}persisted-operations.json`, 'utf8')) as Manifest;
const documents = Object.entries(operations).filter(
  ([name]) => name.endsWith('Document') && !name.endsWith('FragmentDoc'),
);
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

describe('the manifest of persisted operations', () => {
  it('has the format of Apollo', () => {
    expect(manifest).toMatchObject({ format: 'apollo-persisted-query-manifest', version: 1 });
    for (const { id, body, type } of manifest.operations) {
      expect(id).toBe(sha256(body));
      expect(body.startsWith(type)).toBe(true);
    }
    expect(new Set(manifest.operations.map(({ name }) => name)).size).toBe(documents.length);
  });

  it.each(documents)('contains the hash that each client library computes for %s', (_, document: DocumentNode) => {
    const copy = (): DocumentNode => JSON.parse(JSON.stringify(document)) as DocumentNode;
    const texts = [
      print(document),
      print(new InMemoryCache().transformDocument(copy())),
      stringifyDocument(copy()),
      stringifyDocument(formatDocument(copy()) as DocumentNode),
    ];
    const ids = manifest.operations.map(({ id }) => id);
    expect(ids).toEqual(expect.arrayContaining(texts.map(sha256)));
  });
});

describe('the client package', () => {
  it('contains the build output, README, license and manifest, and nothing else', () => {
    const listed = execFileSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], { cwd: CLIENT });
    const [packed] = JSON.parse(listed.toString()) as { files: { path: string }[] }[];
    const others = packed?.files.map(({ path }) => path).filter((path) => !/^dist\/[\w/-]+\.(js|d\.ts)$/.test(path));
    expect(others?.sort()).toEqual(['LICENSE', 'README.md', 'package.json', 'persisted-operations.json']);
    expect(packed?.files.map(({ path }) => path)).toEqual(
      expect.arrayContaining(['dist/index.js', 'dist/index.d.ts', 'dist/apollo.js', 'dist/urql.js']),
    );
  });

  it('has a README whose examples compile', () => {
    const blocks = [...readFileSync(`${CLIENT}README.md`, 'utf8').matchAll(/```ts\n([^]*?)```/g)];
    const sources = new Map(blocks.map(([, source = ''], index) => [`${CLIENT}example-${index}.ts`, source]));
    expect(sources.size).toBe(3);
    expect(problemsIn(sources)).toEqual([]);
  });
});

/** The errors that the compiler reports for sources that are not in files. */
function problemsIn(sources: ReadonlyMap<string, string>): string[] {
  const options: ts.CompilerOptions = {
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    types: [],
    paths: {
      '@flinks-pay-graphql/client': [`${CLIENT}src/index.ts`],
      '@flinks-pay-graphql/client/*': [`${CLIENT}src/*.ts`],
    },
  };
  const disk = ts.createCompilerHost(options);
  const host: ts.CompilerHost = {
    ...disk,
    fileExists: (name) => sources.has(name) || disk.fileExists(name),
    readFile: (name) => sources.get(name) ?? disk.readFile(name),
    getSourceFile: (name, version) => {
      const source = sources.get(name);
      return source === undefined ? disk.getSourceFile(name, version) : ts.createSourceFile(name, source, version);
    },
  };
  const program = ts.createProgram([...sources.keys()], options, host);
  return ts.getPreEmitDiagnostics(program).map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
}
