// Loaded into a gateway with `node --import`: halts it at named points, so that the program needs no hook for its tests.
// HALTS lists them in the order in which they count: the point, the passing of it, and how: SIGKILL or SIGSTOP.
import { writeSync } from 'node:fs';
import { MODULES } from './points.mjs';

const halts = JSON.parse(process.env.HALTS);

for (const step of new Set(halts.map(({ point }) => point.split(':')[0]))) await watch(step);

async function watch(name) {
  const [className, method] = name.split('.');
  const module = await import(new URL(`../../dist/${MODULES[className]}`, import.meta.url).href);
  const { prototype } = module[className];
  const step = prototype[method];
  if (typeof step !== 'function') throw new Error(`there is no step ${name}`);
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
  // Written at once, for there is no later.
  writeSync(1, `halted at ${point}\n`);
  process.kill(process.pid, next.signal);
}
