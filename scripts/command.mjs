// Runs a command for `npm run reconcile` and the like, in the environment that `npm start` gives to the gateway.
import './require-node.mjs';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const ENV_FILE = fileURLToPath(new URL('../.env', import.meta.url));

if (existsSync(ENV_FILE)) process.loadEnvFile(ENV_FILE);
process.env.NODE_ENV = 'development';
// The configuration requires this address, although no command calls Flinks.
process.env.FLINKS_BASE_URL ||= 'http://127.0.0.1:4010';
const [command] = process.argv.splice(2, 1);
await import(`../dist/commands/${command}.js`);
