import { readFileSync } from 'node:fs';
import { describe, expect, it } from '@jest/globals';
import ts from 'typescript';

const ROOT = new URL('../..', import.meta.url);
const read = (path: string): string => readFileSync(new URL(path, ROOT), 'utf8');
const document = read('docs/configuration.md');

interface Row {
  readonly name: string;
  readonly meaning: string;
  readonly defaultText: string;
}

/** The rows of the tables that describe variables. */
const rows: readonly Row[] = document
  .split('\n')
  .map((line) => line.split(/(?<!\\)\|/).map((cell) => cell.trim()))
  .flatMap(([, name = '', meaning = '', defaultText = '']) => {
    const variable = /^`([A-Z_]+)`$/.exec(name)?.[1];
    return variable === undefined ? [] : [{ name: variable, meaning, defaultText }];
  });

/** The text of a literal, or of one that applies outside production only: `outsideProduction('text')`. */
function literalIn(node: ts.Expression | undefined): string | undefined {
  if (node !== undefined && ts.isStringLiteral(node)) return node.text;
  return node !== undefined && ts.isCallExpression(node) ? literalIn(node.arguments[0]) : undefined;
}

/** The variables that the code reads by `variable(name, schema, default)`, with the defaults that are literals. */
const variables = new Map<string, string | undefined>();
const visit = (node: ts.Node): void => {
  if (ts.isCallExpression(node) && ts.isIdentifier(node.expression) && node.expression.text === 'variable')
    variables.set(literalIn(node.arguments[0]) ?? '', literalIn(node.arguments[2]));
  ts.forEachChild(node, visit);
};
visit(ts.createSourceFile('config.ts', read('src/config/config.ts'), ts.ScriptTarget.Latest));

describe('docs/configuration.md', () => {
  it('has one row for each variable that the configuration reads, and no other', () => {
    expect(variables.size).toBeGreaterThan(40);
    expect(rows.map(({ name }) => name).sort()).toEqual([...variables.keys()].sort());
    for (const { meaning } of rows) expect(meaning).toMatch(/\.$/);
  });

  it('states every default that the code has as a literal', () => {
    const known = rows.filter(({ name }) => (variables.get(name) ?? '') !== '');
    expect(known.length).toBeGreaterThan(20);
    expect(known.map(({ name, defaultText }) => [name, defaultText])).toEqual(
      known.map(({ name }) => [name, `\`${variables.get(name) ?? ''}\``]),
    );
  });

  it('describes every variable of .env.example', () => {
    const named = [...read('.env.example').matchAll(/^(?:# )?([A-Z_]+)=/gm)].map(([, name = '']) => name);
    expect(named.length).toBeGreaterThan(15);
    expect(named.filter((name) => !variables.has(name))).toEqual([]);
  });
});
