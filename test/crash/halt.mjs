// Loaded into a gateway with `node --import`. It halts the gateway at named points, so that the program needs no hooks for tests.
// HALTS lists the halts in the order in which they happen: the point, how often it is passed until then, and SIGKILL or SIGSTOP.
import { writeSync } from 'node:fs';
import { MODULES } from './points.mjs';

const halts = JSON.parse(process.env.HALTS);

for (const step of new Set(halts.map(({ point }) => point.split(':')[0]))) await watch(step);

async function watch(name) {
  const [className, method] = name.split('.');
  const module = await import(new URL(`../../dist/${MODULES[className]}`, import.meta.url).href);
  const { prototype } = module[className];
  const step = prototype[method];
  if (typeof step !== 'function') throw new Error(`${name} is not a method`);
  prototype[method] = async function (...parameters) {
    pass(`${name}:before`);
    const result = await step.apply(this, parameters);
    pass(`${name}:after`);
    return result;
  };
}

function pass(point) {
  const [next] = halts;
  if (next?.point !== point || (next.passing -= 1) > 0) return;
  halts.shift();
  // An asynchronous write would be lost when the process is killed.
  writeSync(1, `halted at ${point}\n`);
  process.kill(process.pid, next.signal);
}
