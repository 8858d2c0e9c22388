// npm scripts run this before they compile: it makes their next commands run the Node that `npm ci` installed. npm 11 does that
// by itself. npm 10, which comes with Node 20 and 22, removes node_modules/.bin/node again, because it has the name of what the
// packages for other platforms would put there.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const path = (file) => fileURLToPath(new URL(`../${file}`, import.meta.url));
const read = (file) => JSON.parse(readFileSync(path(file), 'utf8'));

const installed = Object.keys(read('package.json').optionalDependencies).find((name) =>
  existsSync(path(`node_modules/${name}/package.json`)),
);
if (installed !== undefined && !existsSync(path('node_modules/.bin/node')) && runsHere(installed)) link(installed);
else await import('./require-node.mjs');

/** Whether the machine can run it. Alpine Linux cannot, because its C library is another one. */
function runsHere(name) {
  const { bin } = read(`node_modules/${name}/package.json`);
  try {
    return execFileSync(path(`node_modules/${name}/${bin.node}`), ['--version'], { stdio: 'pipe' }).length > 0;
  } catch {
    return false;
  }
}

function link(name) {
  const npm = process.env.npm_execpath ?? '';
  execFileSync(process.execPath, [npm, 'rebuild', '--ignore-scripts', name], { cwd: path('.'), stdio: 'pipe' });
}
