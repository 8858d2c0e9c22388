// Ends the process with one line if its Node is too old. Import this first, or run it before a compiler does its work.
import { readFileSync } from 'node:fs';

const { engines } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8'));
const [required] = /\d+\.\d+/.exec(engines.node);
const [minMajor, minMinor] = required.split('.').map(Number);
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < minMajor || (major === minMajor && minor < minMinor)) {
  console.error(
    `This program needs Node ${required} or newer, and this is Node ${process.versions.node}. Install a newer Node, or use ` +
      'an npm script: npm ci installs a Node for the scripts on most platforms.',
  );
  process.exit(1);
}
