// `node bench/profile.mjs create` shows where the gateway's time goes: the packages and functions with the largest share of its
// CPU samples while it does a job. A second argument chooses the database: SQLite (the default) or PostgreSQL.
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { product } from './contestants.mjs';
import { existingPayments } from './existing-payments.mjs';
import { Setup } from './setup.mjs';

const WARM_UP_MS = 4_000;
const MEASURED_MS = 8_000;
const SHOWN = 40;
const IDLE = ['(idle)', '(root)'];

const [job = 'create', kind = 'SQLite'] = process.argv.slice(2);

const setup = await Setup.create(false);
try {
  const { databaseUrl, ids, replay } = await existingPayments(setup, kind);
  const nodeOptions = ['--cpu-prof', `--cpu-prof-dir=${setup.folder}`];
  const contestant = product(kind, { databaseUrl, nodeOptions });
  const server = await setup.start(contestant.server);
  const load = { job, ids, ...(job === 'replay' && replay) };
  await setup.load(server, contestant, { ...load, durationMs: WARM_UP_MS });
  const skippedMs = performance.now() - server.startedAt;
  const { completed } = await setup.load(server, contestant, { ...load, durationMs: MEASURED_MS });
  const measuredMs = performance.now() - server.startedAt - skippedMs;
  await server.stop();
  const [file] = readdirSync(setup.folder).filter((name) => name.endsWith('.cpuprofile'));
  const profile = JSON.parse(readFileSync(join(setup.folder, file), 'utf8'));
  print(selfTimes(profile, skippedMs * 1000, measuredMs * 1000), completed);
} finally {
  await setup.close();
}

/** Microseconds of each function between two times after the start, without those of the functions that it calls. */
function selfTimes({ nodes, samples, timeDeltas }, fromUs, lengthUs) {
  const frames = new Map(nodes.map(({ id, callFrame }) => [id, callFrame]));
  const times = new Map();
  let at = 0;
  samples.forEach((id, index) => {
    at += timeDeltas[index];
    if (at < fromUs || at > fromUs + lengthUs) return;
    const { functionName, url, lineNumber } = frames.get(id);
    if (IDLE.includes(functionName)) return;
    const place = url === '' ? '' : ` ${url.replace(/^file:\/\/.*?\/(?=dist\/|node_modules\/)/, '')}:${lineNumber + 1}`;
    const key = `${functionName || '(anonymous)'}${place}`;
    times.set(key, (times.get(key) ?? 0) + timeDeltas[index]);
  });
  return times;
}

function print(times, completed) {
  const total = [...times.values()].reduce((sum, us) => sum + us, 0);
  const packages = new Map();
  for (const [key, us] of times) packages.set(packageOf(key), (packages.get(packageOf(key)) ?? 0) + us);
  console.log(
    `${job}, ${kind}: ${completed} requests, ${Math.round(total / completed)} µs of the main thread for each`,
  );
  for (const group of [packages, times]) {
    console.log('');
    const sorted = [...group].sort(([, one], [, other]) => other - one).slice(0, SHOWN);
    for (const [name, us] of sorted) console.log(`${((us * 100) / total).toFixed(1).padStart(5)} %  ${name}`);
  }
}

/** The package of a function, or the folder of this project. */
function packageOf(key) {
  const [, scoped] = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(key) ?? [];
  const [, folder] = / (dist\/(?:[^/:]+\/)?)/.exec(key) ?? [];
  return scoped ?? folder ?? (/ node:/.test(key) ? 'node' : 'V8 and native code');
}
