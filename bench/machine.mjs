import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { availableParallelism, cpus, release, totalmem } from 'node:os';

const PACKAGES = [
  'fastify',
  'undici',
  'mercurius',
  'graphql-jit',
  '@apollo/server',
  'graphql-yoga',
  '@graphql-hive/gateway-runtime',
  'graphql',
];
const ROOT = new URL('..', import.meta.url);

/** What the results were measured on, and of which commit. */
export function machine() {
  const git = (...args) => execFileSync('git', args, { cwd: ROOT, encoding: 'utf8' }).trim();
  const changed = git('status', '--porcelain', '--', 'src') === '' ? '' : ', with uncommitted changes';
  const memory = Math.round(totalmem() / 2 ** 30);
  return [
    `- Commit ${git('rev-parse', '--short', 'HEAD')}${changed}, ${new Date().toISOString().slice(0, 10)}`,
    `- ${availableParallelism()} cores (${cpus()[0].model.trim()}), ${memory} GiB, Linux ${release()}`,
    `- Node ${process.version}, ${PACKAGES.map((name) => `${name} ${versionOf(name)}`).join(', ')}`,
  ].join('\n');
}

function versionOf(name) {
  return JSON.parse(readFileSync(new URL(`node_modules/${name}/package.json`, import.meta.url), 'utf8')).version;
}
