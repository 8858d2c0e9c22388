import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { itInBrowser } from '../support/browser.js';
import { until } from '../support/until.js';
import { STAGES } from './attack.js';
import type { Attack } from './attack.js';
import { ATTACKS } from './attacks.js';
import { inspect } from './inspect.js';
import { cpuOf, repeat, runAttack } from './run-attack.js';
import { readTable, writeTable } from './table.js';
import { Targets } from './targets.js';

const LONGEST_MS = 5 * 60_000;

/** Set by `npm run measure:attacks`. */
const MEASURES = process.env.MEASURE_ATTACKS === 'true';
const MEASURED_RUNS = 20;

/**
 * What a flood may leave behind once all of it has ended: caches fill up to limits of their own, what is compiled is kept, and on a
 * busy machine some ten megabytes come and go. Most floods are of hundreds of requests, so that a body which is kept is seen.
 */
const MOST_LEFT_BYTES = 24_000_000;

const floods = ATTACKS.filter(({ repeats }) => repeats !== undefined);

let targets: Targets;
const slowAnswers = new Map<Attack, Promise<string>>();

beforeAll(async () => {
  targets = await Targets.start();
}, LONGEST_MS);
afterAll(() => targets.stop());

describe('the table of attacks', () => {
  it('has at least 80 rows, each of its own name, and some at every stage', () => {
    expect(ATTACKS.length).toBeGreaterThanOrEqual(80);
    expect(new Set(ATTACKS.map(({ name }) => name)).size).toBe(ATTACKS.length);
    expect(STAGES.filter((stage) => !ATTACKS.some((attack) => attack.stage === stage))).toEqual([]);
  });

  if (!MEASURES)
    it('is that of docs/attacks.md', () => {
      expect(readTable()).toEqual(ATTACKS.map(({ name, stage }) => ({ name, stage })));
    });
});

describe('an attacker', () => {
  beforeAll(() => {
    // They take as long as a time limit does, so they take it together, and while the others run.
    for (const attack of ATTACKS)
      if (attack.slow === true) slowAnswers.set(attack, attack.attack(targets.of(attack.on).world));
  });

  for (const attack of ATTACKS.filter(({ slow }) => slow !== true))
    (attack.inBrowser === true ? itInBrowser : it)(
      attack.name,
      async () => {
        const { answer, calls, payments, served } = await runAttack(attack, targets);
        expect(answer).toBe(attack.answer);
        expect(payments).toBe(attack.payments ?? 0);
        if (attack.payments === undefined) expect(calls).toBe(0);
        expect(served).toMatch(/^200 (nothing|payments)$/);
      },
      LONGEST_MS,
    );

  it.each(ATTACKS.filter(({ slow }) => slow === true))(
    '$name',
    async (attack) => {
      expect(await slowAnswers.get(attack)).toBe(attack.answer);
      expect(await targets.of(attack.on).isServing()).toMatch(/^200 (nothing|payments)$/);
    },
    LONGEST_MS,
  );
});

describe('under a flood memory stays flat: a gateway of which somebody', () => {
  it.each(floods)(
    '$name',
    async (attack) => {
      const target = targets.of(attack.on);
      const times = attack.repeats ?? 1;
      // What is compiled and filled once is no leak.
      await repeat(attack, Math.ceil(times / 5), target);
      const before = await inspect(target.world.gateway);
      const answers = await repeat(attack, times, target);
      expect([...answers]).toEqual([attack.answer]);
      // Connections are still being closed.
      await until(async () => (await inspect(target.world.gateway)).held - before.held < MOST_LEFT_BYTES);
      expect(await target.isServing()).toMatch(/^200 (nothing|payments)$/);
    },
    LONGEST_MS,
  );
});

if (MEASURES)
  describe('the CPU', () => {
    it(
      'of each attack goes into docs/attacks.md',
      async () => {
        const cpuMs = new Map<Attack, number>();
        for (const attack of ATTACKS) {
          const once = attack.slow === true || attack.payments !== undefined || attack.inBrowser === true;
          cpuMs.set(attack, await cpuOf(attack, once ? 1 : MEASURED_RUNS, targets.of(attack.on)));
        }
        await writeTable(ATTACKS, cpuMs);
      },
      6 * LONGEST_MS,
    );
  });

describe('when all is over, the log', () => {
  it('is JSON line by line', () => {
    const lines = targets.all.flatMap(({ world }) => world.gateway.output.split('\n')).filter((line) => line !== '');
    expect(lines.length).toBeGreaterThan(1_000);
    for (const line of lines) expect(() => JSON.parse(line) as unknown).not.toThrow();
  });

  it('holds nothing secret', () => {
    const { keys, victim } = targets.around;
    const [, ...secrets] = [
      ...victim.secrets,
      keys.good,
      keys.revoked,
      victim.authorization,
      victim.input.idempotencyKey,
    ];
    for (const { world } of targets.all)
      for (const secret of secrets) expect(world.gateway.output).not.toContain(secret);
  });
});
