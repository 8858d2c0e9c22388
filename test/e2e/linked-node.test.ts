import { execFile } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, describe, it } from '@jest/globals';

const SCRIPTS = fileURLToPath(new URL('../../scripts', import.meta.url));
const RUNTIME = 'node_modules/runtime';

let project: string;
const path = (file: string): string => join(project, file);

function write(file: string, content: object): void {
  writeFileSync(path(file), JSON.stringify(content));
}

/** A project into which npm 10 has installed a Node, which is this one or another program. */
beforeEach(() => {
  project = realpathSync(mkdtempSync(join(tmpdir(), 'linked-node-')));
  mkdirSync(path(`${RUNTIME}/bin`), { recursive: true });
  cpSync(SCRIPTS, path('scripts'), { recursive: true });
  write('package.json', {
    engines: { node: '>=24.16' },
    optionalDependencies: { 'for-another-platform': '1.0.0', runtime: '1.0.0' },
    scripts: { build: 'node scripts/link-node.mjs', which: 'command -v node' },
  });
  write(`${RUNTIME}/package.json`, { name: 'runtime', version: '1.0.0', bin: { node: 'bin/node' } });
});

afterEach(() => rmSync(project, { recursive: true }));

function installed(program: string): void {
  writeFileSync(path(`${RUNTIME}/bin/node`), program);
  chmodSync(path(`${RUNTIME}/bin/node`), 0o755);
}

const npm = async (...args: string[]): Promise<string> =>
  (await promisify(execFile)('npm', ['run', '--silent', ...args], { cwd: project })).stdout.trim();

describe('npm run build', () => {
  it('makes npm scripts run the Node that npm installed and did not link', async () => {
    installed(`#!/bin/sh\nexec '${process.execPath}' "$@"\n`);
    expect(await npm('build')).toBe('');
    expect(await npm('which')).toBe(path('node_modules/.bin/node'));
    expect(realpathSync(path('node_modules/.bin/node'))).toBe(path(`${RUNTIME}/bin/node`));
  });

  it('does not make them run a Node that the machine cannot run', async () => {
    installed('#!/no/such/loader\n');
    expect(await npm('build')).toBe('');
    expect(existsSync(path('node_modules/.bin/node'))).toBe(false);
  });
});
