// Loaded into a gateway with `node --import`: halts it at a named point, so that the program needs no hook for its tests.
// HALT_AT names the point, HALT_PASSING the passing of it that counts, HALT_SIGNAL how: SIGKILL or SIGSTOP.
import { writeSync } from 'node:fs';
import { MODULES } from './points.mjs';

const { HALT_AT: point, HALT_PASSING, HALT_SIGNAL } = process.env;
const [, className, method, side] = /^(\w+)\.(\w+):(before|after)$/.exec(point) ?? [];
const module = await import(new URL(`../../dist/${MODULES[className]}`, import.meta.url).href);
const { prototype } = module[className];
const step = prototype[method];
if (typeof step !== 'function') throw new Error(`there is no step ${point}`);

let left = Number(HALT_PASSING);

prototype[method] = async function (...parameters) {
  if (side === 'before') pass();
  const result = await step.apply(this, parameters);
  if (side === 'after') pass();
  return result;
};

function pass() {
  left -= 1;
  if (left !== 0) return;
  // Written at once, for there is no later.
  writeSync(1, `halted at ${point}\n`);
  process.kill(process.pid, HALT_SIGNAL);
}
