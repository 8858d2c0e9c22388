import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';

const ROOT = new URL('../..', import.meta.url);
const DOCUMENTS = ['SECURITY.md', 'docs/threat-model.md'];

/** `test/file.test.ts` "name of a test", as the documents cite tests. */
const NAMED = /`(test\/[\w/.-]+\.ts)` "([^"]+)"/g;

const textOf = (path: string): string => readFileSync(new URL(path, ROOT), 'utf8');

/** The statements of a document: the rows of its tables and the items of its lists, one per line. */
function statementsOf(document: string): string[] {
  const lines = textOf(document).split('\n');
  return lines.filter(
    (line, at) => /^(\||- )/.test(line) && !/^\|[-| ]+$/.test(line) && !/^\|[-| ]+$/.test(lines[at + 1] ?? ''),
  );
}

function exists(path: string, name: string): boolean {
  return existsSync(fileURLToPath(new URL(path, ROOT))) && textOf(path).includes(name);
}

describe.each(DOCUMENTS)('the document %s', (document) => {
  it('names a test for every statement', () => {
    const statements = statementsOf(document);
    expect(statements.length).toBeGreaterThan(5);
    expect(statements.filter((line) => line.match(NAMED) === null)).toEqual([]);
  });

  it('names only tests that exist', () => {
    const named = [...textOf(document).matchAll(NAMED)].map(([, path = '', name = '']) => ({ path, name }));
    expect(named.filter(({ path, name }) => !exists(path, name))).toEqual([]);
  });
});
