import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { itInBrowser } from '../support/browser.js';
import { until } from '../support/until.js';
import { STAGES } from './attack.js';
import type { Attack } from './attack.js';
import { ATTACKS } from './definitions/all.js';
import { inspect } from './inspect.js';
import { cpuOf, repeat, runAttack } from './run-attack.js';
import { listed, readTable, writeTable } from './table.js';
import { Targets } from './targets.js';

const TIMEOUT_MS = 5 * 60_000;

/** Set by `npm run measure:attacks`. */
const IS_MEASURING = process.env.MEASURE_ATTACKS === 'true';
const MEASURED_RUNS = 20;

/**
 * How much memory a flood may leave in use when it is over. Caches fill up to their limits, compiled code stays, and on a busy
 * machine some ten megabytes come and go. Most floods consist of hundreds of requests, so bodies that leak exceed this.
 */
const MAX_LEFT_BYTES = 24_000_000;

/** The summary of a list of payments, which every client may read. */
const LISTED = /^200 (empty list|payments)$/;

const floods = ATTACKS.filter(({ repeats }) => repeats !== undefined);

let targets: Targets;
const slowResponses = new Map<Attack, Promise<string>>();

beforeAll(async () => {
  targets = await Targets.start();
}, TIMEOUT_MS);
afterAll(() => targets.stop());

describe('the list of attacks', () => {
  it('has at least 80 entries with different names, and some for every stage', () => {
    expect(ATTACKS.length).toBeGreaterThanOrEqual(80);
    expect(new Set(ATTACKS.map(({ name }) => name)).size).toBe(ATTACKS.length);
    expect(STAGES.filter((stage) => !ATTACKS.some((attack) => attack.stage === stage))).toEqual([]);
  });

  if (!IS_MEASURING)
    it('equals the table in docs/attacks.md', () => {
      expect(readTable()).toEqual(ATTACKS.map(listed));
    });
});

describe('the gateway withstands an attacker who', () => {
  beforeAll(() => {
    // Slow attacks last as long as a time limit of the gateway, so they run at once, alongside the others.
    for (const attack of ATTACKS)
      if (attack.isSlow === true) slowResponses.set(attack, attack.run(targets.of(attack.gateway).attacker));
  });

  for (const attack of ATTACKS.filter(({ isSlow }) => isSlow !== true))
    (attack.needsBrowser === true ? itInBrowser : it)(
      attack.name,
      async () => {
        const { response, calls, payments, responseToOthers } = await runAttack(attack, targets);
        expect(response).toBe(attack.response);
        expect(payments).toBe(attack.payments ?? 0);
        if (attack.payments === undefined) expect(calls).toBe(0);
        expect(responseToOthers).toMatch(LISTED);
      },
      TIMEOUT_MS,
    );

  it.each(ATTACKS.filter(({ isSlow }) => isSlow === true))(
    '$name',
    async (attack) => {
      expect(await slowResponses.get(attack)).toBe(attack.response);
      expect(await targets.of(attack.gateway).sendAllowedRequest()).toMatch(LISTED);
    },
    TIMEOUT_MS,
  );
});

describe('the memory of the gateway does not grow while an attacker repeatedly', () => {
  it.each(floods)(
    '$name',
    async (attack) => {
      const target = targets.of(attack.gateway);
      const times = attack.repeats ?? 1;
      // Code that is compiled once and caches that are filled once are no leaks.
      await repeat(attack, Math.ceil(times / 5), target);
      const before = await inspect(target.attacker.gateway);
      const responses = await repeat(attack, times, target);
      expect([...responses]).toEqual([attack.response]);
      // The gateway may still be closing connections.
      await until(async () => (await inspect(target.attacker.gateway)).heldBytes - before.heldBytes < MAX_LEFT_BYTES);
      expect(await target.sendAllowedRequest()).toMatch(LISTED);
    },
    TIMEOUT_MS,
  );
});

if (IS_MEASURING)
  describe('the measurement', () => {
    it(
      'writes the CPU time of each attack to docs/attacks.md',
      async () => {
        const cpuMs = new Map<Attack, number>();
        for (const attack of ATTACKS) {
          const isOnce = attack.isSlow === true || attack.payments !== undefined || attack.needsBrowser === true;
          cpuMs.set(attack, await cpuOf(attack, isOnce ? 1 : MEASURED_RUNS, targets.of(attack.gateway)));
        }
        await writeTable(ATTACKS, cpuMs);
      },
      6 * TIMEOUT_MS,
    );
  });

describe('the log of the attacked gateways', () => {
  it('has one JSON object per line', () => {
    const lines = targets.all
      .flatMap(({ attacker }) => attacker.gateway.output.split('\n'))
      .filter((line) => line !== '');
    expect(lines.length).toBeGreaterThan(1_000);
    for (const line of lines) expect(() => JSON.parse(line) as unknown).not.toThrow();
  });

  it('contains no secret', () => {
    const { apiKeys, victim } = targets.fixtures;
    // The log may contain the payment's id, which is the first of these.
    const [, ...secrets] = [
      ...victim.secrets,
      apiKeys.valid,
      apiKeys.revoked,
      victim.authorization,
      victim.input.idempotencyKey,
    ];
    for (const { attacker } of targets.all)
      for (const secret of secrets) expect(attacker.gateway.output).not.toContain(secret);
  });
});
