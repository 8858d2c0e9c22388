// `npm run bench` installs what the benchmark needs, if that is not there yet, and runs it with the given arguments.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

function run(command, ...args) {
  const { status } = spawnSync(command, args, { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}

if (!existsSync(`${root}/bench/node_modules/.package-lock.json`))
  run('npm', 'ci', '--prefix', 'bench', '--silent', '--no-audit', '--no-fund');
run(process.execPath, 'bench/main.mjs', ...process.argv.slice(2));
