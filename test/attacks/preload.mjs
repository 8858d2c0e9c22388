// Loaded into the gateway under attack with `node --import`. On SIGUSR2 it collects garbage and prints how much memory and CPU time
// the process uses. It also resolves the host names that belong to the attacker.
import dns from 'node:dns';
import { syncBuiltinESMExports } from 'node:module';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc');

process.on('SIGUSR2', () => {
  const cpuMs = cpuUsedMs();
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  const inspection = { cpuMs, heldBytes: heapUsed + external, cpuMsAfterCollection: cpuUsedMs() };
  process.stdout.write(`${JSON.stringify({ inspection })}\n`);
});

function cpuUsedMs() {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

const ALLOWED = '127.0.0.1';
const INTERNAL = '127.0.0.2';
const lookups = new Map();

/** The addresses of a name below `attacker.example`, or undefined for any other name. */
function addressesOf(name) {
  if (!name.endsWith('.attacker.example')) return undefined;
  const count = (lookups.get(name) ?? 0) + 1;
  lookups.set(name, count);
  if (name.startsWith('internal')) return [INTERNAL];
  if (name.startsWith('both')) return [ALLOWED, INTERNAL];
  return name.startsWith('changing') && count > 1 ? [INTERNAL] : [ALLOWED];
}

const { lookup } = dns;
dns.lookup = (name, options, callback) => {
  const addresses = addressesOf(name);
  if (addresses === undefined) return lookup(name, options, callback);
  const [given, done] = typeof options === 'function' ? [{}, options] : [options, callback];
  process.stdout.write(`${JSON.stringify({ lookedUp: name, addresses })}\n`);
  const found = addresses.map((address) => ({ address, family: 4 }));
  process.nextTick(() => (given.all === true ? done(null, found) : done(null, found[0].address, 4)));
};
const lookupByPromise = dns.promises.lookup;
dns.promises.lookup = async (name, options = {}) => {
  const addresses = addressesOf(name);
  if (addresses === undefined) return lookupByPromise(name, options);
  process.stdout.write(`${JSON.stringify({ lookedUp: name, addresses })}\n`);
  const found = addresses.map((address) => ({ address, family: 4 }));
  return options.all === true ? found : found[0];
};
syncBuiltinESMExports();
