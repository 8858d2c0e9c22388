import { readFileSync, readdirSync } from 'node:fs';
import { basename, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import ts from 'typescript';
import { RETIRED_PARTS, RETIRED_WORDS } from './retired-words.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const SOURCES = ['src', 'sandbox', 'client/src', 'test'];
/** Where stored data keeps the names with which it was first written (columns, migrations, JSON), and its tests. */
const COLUMN_PLACES = [
  'src/store/database/tables.ts',
  'src/store/database/migrations/',
  'src/store/sql/',
  'src/store/encryption/',
  'src/server/subscriptions/callbacks/registration.ts',
  'test/store/',
  'test/reconciliation/behaviours/owners.ts',
  'test/payments/history.ts',
];
/** This test and its list, which have to name the words. */
const SELF = 'test/vocabulary/';
/** Stored names that contain a retired word. */
const COLUMN_NAMES = ['caller', 'callers', 'ours', 'theirs'];

function filesUnder(folder: string, extension: string): string[] {
  return readdirSync(resolve(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith(extension) && !/(^|\/)(dist|node_modules|generated)\//.test(file))
    .map((file) => relative(ROOT, resolve(ROOT, folder, file)));
}

const sources = [
  ...SOURCES.flatMap((folder) => filesUnder(folder, '.ts')),
  ...['scripts', 'examples', 'bench', 'test'].flatMap((folder) => filesUnder(folder, '.mjs')),
].filter((file) => !file.startsWith(SELF));
const texts = ['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'schema.graphql', ...filesUnder('docs', '.md')].concat(
  ...['client', 'sandbox', 'examples', 'bench'].map((folder) => filesUnder(folder, '.md')),
);

const hasColumns = (file: string): boolean => COLUMN_PLACES.some((place) => file.startsWith(place));
const read = (file: string): string => readFileSync(resolve(ROOT, file), 'utf8');
const partsOf = (name: string): string[] =>
  name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .match(/[a-z]+/g) ?? [];
const isRetiredName = (name: string): boolean => partsOf(name).some((part) => part in RETIRED_PARTS);

/** The names that a file declares: of types, members, functions, parameters and variables. */
function declaredNames(file: string): string[] {
  const names: string[] = [];
  const visit = (node: ts.Node): void => {
    const { name } = node as ts.NamedDeclaration;
    const isDeclaration = !ts.isPropertyAccessExpression(node) && !ts.isImportSpecifier(node);
    if (isDeclaration && name !== undefined && (ts.isIdentifier(name) || ts.isPrivateIdentifier(name)))
      names.push(name.text);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, read(file), ts.ScriptTarget.Latest, true));
  return names;
}

/** What people read in a source file: its comments and its string literals. */
function proseOf(file: string): string {
  const source = read(file);
  const literals: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) return;
    if (ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node))
      literals.push(node.text);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(file, source, ts.ScriptTarget.Latest, true));
  return [...(source.match(/\/\*[\s\S]*?\*\/|(?<![:'"`])\/\/.*$/gm) ?? []), ...literals].join('\n');
}

function retiredWordsIn(text: string): string[] {
  return (text.toLowerCase().match(/[a-z_]+/g) ?? []).filter((word) => Object.hasOwn(RETIRED_WORDS, word));
}

describe('the vocabulary', () => {
  it('has no retired word in the name of a source file', () => {
    expect(sources.length).toBeGreaterThan(200);
    expect(sources.filter((file) => isRetiredName(basename(file)) && !hasColumns(file))).toEqual([]);
  });

  it('has no retired word in a name that the code declares', () => {
    const found = sources.flatMap((file) =>
      declaredNames(file)
        .filter((name) => isRetiredName(name) && !(hasColumns(file) && name.includes('_')))
        .filter((name) => !(hasColumns(file) && COLUMN_NAMES.includes(name)))
        .map((name) => `${file} ${name}`),
    );
    expect(found).toEqual([]);
  });

  it('has no retired word in a comment, a message or a description', () => {
    const found = sources.flatMap((file) =>
      retiredWordsIn(proseOf(file))
        .filter((word) => !(hasColumns(file) && COLUMN_NAMES.includes(word)))
        .map((word) => `${file} ${word}`),
    );
    expect(found).toEqual([]);
  });

  it('has no retired word in a document or the schema', () => {
    expect(texts.length).toBeGreaterThan(15);
    const found = texts.flatMap((file) => retiredWordsIn(read(file)).map((word) => `${file} ${word}`));
    expect(found).toEqual([]);
  });
});
