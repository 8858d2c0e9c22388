import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const DOCUMENTS = [
  ...readdirSync(ROOT).filter((file) => file.endsWith('.md')),
  ...readdirSync(join(ROOT, 'docs')).map((file) => `docs/${file}`),
  ...['client/README.md', 'sandbox/README.md', 'examples/supergraph/README.md', 'bench/README.md'],
];

/** The anchor that GitHub gives to a heading. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replace(/\s/g, '-');

const anchorsIn = (path: string): Set<string> =>
  new Set([...readFileSync(path, 'utf8').matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => anchorOf(heading)));

/** The links of a document to files or headings that do not exist in this repository. */
function brokenLinks(document: string): string[] {
  const text = readFileSync(join(ROOT, document), 'utf8').replace(/```[\s\S]*?```/g, '');
  const links = [...text.matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link);
  return links
    .filter((link) => !/^[a-z]+:/.test(link))
    .filter((link) => {
      const [path = '', anchor] = link.split('#');
      const target = path === '' ? join(ROOT, document) : resolve(ROOT, dirname(document), path);
      return !existsSync(target) || (anchor !== undefined && !anchorsIn(target).has(anchor));
    });
}

/** The source files that a document names, relative to the root or to src, and that do not exist. */
function missingFiles(document: string): string[] {
  const named =
    readFileSync(join(ROOT, document), 'utf8').match(/(?<![\w/.-])[a-z][\w-]*(?:\/[\w.-]+)+\.(?:ts|mjs)\b/g) ?? [];
  return named.filter((file) => !existsSync(join(ROOT, file)) && !existsSync(join(ROOT, 'src', file)));
}

describe('the document', () => {
  it.each(DOCUMENTS)('%s links only to files and headings that exist', (document) => {
    expect(brokenLinks(document)).toEqual([]);
  });

  it.each(DOCUMENTS)('%s names only source files that exist', (document) => {
    expect(missingFiles(document)).toEqual([]);
  });
});
