import type { Attack } from './attack.js';
import { inspect } from './inspect.js';
import type { Target, Targets } from './targets.js';

/** The outcome of an attack. */
export interface AttackResult {
  readonly response: string;
  /** Calls to Flinks during the attack. */
  readonly calls: number;
  /** Payments that were started at Flinks during the attack. */
  readonly payments: number;
  /** The response to a well-behaved client immediately afterwards. */
  readonly responseToOthers: string;
}

export async function runAttack(attack: Attack, targets: Targets): Promise<AttackResult> {
  const target = targets.of(attack.gateway);
  const before = await countsOf(targets);
  const response = await attack.run(target.attacker);
  const responseToOthers = await target.sendAllowedRequest();
  const after = await countsOf(targets);
  return { response, calls: after.calls - before.calls, payments: after.payments - before.payments, responseToOthers };
}

async function countsOf({ fixtures: { sandbox } }: Targets): Promise<{ calls: number; payments: number }> {
  const { calls } = (await sandbox.journal()).counts;
  const { initiate = 0, sendrequest = 0 } = calls;
  return { calls: Object.values(calls).reduce((sum, count) => sum + count, 0), payments: initiate + sendrequest };
}

/** Enough to keep a gateway busy without queueing much. */
const CONCURRENCY = 10;

/** Repeats an attack. Resolves to the distinct responses. */
export async function repeat(attack: Attack, times: number, { attacker }: Target): Promise<Set<string>> {
  const responses = new Set<string>();
  let left = times;
  const work = async (): Promise<void> => {
    while (left > 0) {
      left -= 1;
      responses.add(await attack.run(attacker));
    }
  };
  await Promise.all(Array.from({ length: Math.min(CONCURRENCY, times) }, work));
  return responses;
}

/** CPU time of the gateway for one run of an attack, in milliseconds, averaged over several runs. */
export async function cpuOf(attack: Attack, runs: number, { attacker }: Target): Promise<number> {
  // The first run compiles code, which is not measured.
  if (runs > 1) await attack.run(attacker);
  const before = await inspect(attacker.gateway);
  for (let run = 0; run < runs; run += 1) await attack.run(attacker);
  const after = await inspect(attacker.gateway);
  return (after.cpuMs - before.cpuMsAfterCollection) / runs;
}
