import type { Attack } from './attack.js';
import { inspect } from './inspect.js';
import type { Target, Targets } from './targets.js';

/** What came of an attack. */
export interface Outcome {
  readonly answer: string;
  /** Calls to Flinks that nobody should have made. */
  readonly calls: number;
  /** Payments that Flinks got to know. */
  readonly payments: number;
  /** What a caller of good will is answered right after. */
  readonly served: string;
}

export async function runAttack(attack: Attack, targets: Targets): Promise<Outcome> {
  const target = targets.of(attack.on);
  const before = await countsOf(targets);
  const answer = await attack.attack(target.world);
  const served = await target.isServing();
  const after = await countsOf(targets);
  return { answer, calls: after.calls - before.calls, payments: after.payments - before.payments, served };
}

async function countsOf({ around: { sandbox } }: Targets): Promise<{ calls: number; payments: number }> {
  const { calls } = (await sandbox.journal()).counts;
  const { initiate = 0, sendrequest = 0 } = calls;
  return { calls: Object.values(calls).reduce((sum, count) => sum + count, 0), payments: initiate + sendrequest };
}

/** So many at once keep a gateway busy without queueing much. */
const AT_ONCE = 10;

/** Repeats an attack. Resolves to the answers that there were. */
export async function repeat(attack: Attack, times: number, { world }: Target): Promise<Set<string>> {
  const answers = new Set<string>();
  let left = times;
  const work = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      answers.add(await attack.attack(world));
    }
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, times) }, work));
  return answers;
}

/** CPU that the gateway takes for one run of an attack, in milliseconds. */
export async function cpuOf(attack: Attack, times: number, target: Target): Promise<number> {
  // What is compiled is compiled once.
  if (times > 1) await attack.attack(target.world);
  const before = await inspect(target.world.gateway);
  for (let run = 0; run < times; run += 1) await attack.attack(target.world);
  const after = await inspect(target.world.gateway);
  return (after.cpuMs - before.cpuMsBehind) / times;
}
