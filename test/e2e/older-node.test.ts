import { execFile, execFileSync } from 'node:child_process';
import { existsSync, readdirSync, realpathSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { MIN_NODE, nodeProblem } from '../../src/lib/supported-node.js';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const PRETEND = new URL('../support/pretend-older-node.mjs', import.meta.url).href;

interface Runtime {
  readonly version: string;
  readonly program: string;
  readonly options: readonly string[];
}

/** Node of this machine, besides that of the project, if it is too old. */
function olderNodes(): Runtime[] {
  const found = (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, 'node'));
  const programs = new Set(found.filter((file) => existsSync(file)).map((file) => realpathSync(file)));
  return [...programs]
    .map((program) => ({ program, version: execFileSync(program, ['-p', 'process.versions.node']).toString().trim() }))
    .filter(({ version }) => nodeProblem(version) !== undefined)
    .map((runtime) => ({ ...runtime, options: [] }));
}

const pretended: Runtime = { version: '20.20.2', program: process.execPath, options: ['--import', PRETEND] };
const commands = readdirSync(join(ROOT, 'src/commands')).map((file) => `dist/commands/${file.replace('.ts', '.js')}`);
const scripts = ['start.mjs', 'command.mjs', 'supergraph.mjs', 'status-table.mjs', 'schema/check.mjs'];

interface Ended {
  readonly code: number | string | null | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

function run({ program, options }: Runtime, file: string): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(program, [...options, file], { cwd: ROOT, env: { PATH: process.env.PATH } }, (error, stdout, stderr) =>
      resolve({ code: error?.code, stdout, stderr }),
    );
  });
}

// Every machine can pretend to have an older Node. Where there is one, it runs too.
describe.each([pretended, ...olderNodes()].map((runtime) => [runtime.version, runtime.program, runtime] as const))(
  'Node %s (%s)',
  (_version, _program, runtime) => {
    it.each(['dist/main.js', 'sandbox/dist/main.js', ...commands, ...scripts.map((script) => `scripts/${script}`)])(
      'ends %s with one line that says which Node is needed',
      async (file) => {
        const { code, stdout, stderr } = await run(runtime, file);
        expect(stderr).toMatch(/^This program needs .+\n$/);
        expect(stderr).toContain(`Node ${MIN_NODE} or newer, and this is Node ${runtime.version}.`);
        expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      },
    );
  },
);
