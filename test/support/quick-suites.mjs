import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const TESTS = fileURLToPath(new URL('..', import.meta.url));

/** What starts gateways, databases and browsers. */
const STARTERS = ['node:child_process', 'playwright-core'];

/** An import or export from a module, apart from those of types alone. */
const IMPORT = /^(?:import|export)(?! type\b)[^;]*?'([^']+)';|\bimport\('([^']+)'\)/gm;

/** The paths of the suites that start no other program, because nothing that they import can. */
export function quickSuites() {
  const files = readdirSync(TESTS, { recursive: true }).filter((file) => file.endsWith('.test.ts'));
  return files.map((file) => join(TESTS, file)).filter((path) => !startsPrograms(path, new Set()));
}

function startsPrograms(path, visited) {
  if (visited.has(path) || !existsSync(path)) return false;
  visited.add(path);
  return importsOf(path).some(
    (name) =>
      STARTERS.includes(name) || (name.startsWith('.') && startsPrograms(resolve(dirname(path), name), visited)),
  );
}

function importsOf(path) {
  const imports = [...readFileSync(path, 'utf8').matchAll(IMPORT)].map(([, name, lazy]) => name ?? lazy);
  return imports.map((name) => (name.startsWith('.') ? name.replace(/\.js$/, '.ts') : name));
}
