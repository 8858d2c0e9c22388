import { describe, expect, it } from '@jest/globals';
import { hasPooler } from '../support/pgbouncer.js';
import { judge } from './judge.js';
import { complaint, figures } from './report.js';
import { runCrash } from './run.js';
import type { Settings } from './settings.js';

const LONGEST_MS = 60 * 60_000;

/** Set by `npm run test:crash`; without it the short forms run, at the points where most is at stake. */
const LONG = process.env.CRASH_SETTINGS;
const SHORT: Omit<Settings, 'store' | 'replicas'> = {
  payments: 40,
  kills: 4,
  seed: 1,
  points: [
    'SqlAttemptStore.mark:after',
    'FlinksClient.sendPaymentRequest:after',
    'FlinksClient.activateSession:after',
    'SqlAttemptStore.finish:before',
    'SqlAttemptStore.finish:after',
  ],
};

const RUNS: readonly Settings[] =
  LONG === undefined
    ? [
        { ...SHORT, store: 'sqlite', replicas: 1 },
        { ...SHORT, store: 'postgres', replicas: 2 },
        { ...SHORT, store: 'failover', replicas: 2 },
        ...(hasPooler ? [{ ...SHORT, store: 'pgbouncer', replicas: 2 } as const] : []),
      ]
    : [JSON.parse(LONG) as Settings];

describe('gateways that are killed, paused and cut off', () => {
  it.each(RUNS)(
    'pay each key once over $store: $payments payments, $kills kills, $replicas replica(s)',
    async (settings) => {
      const evidence = await runCrash(settings);
      const violations = judge(evidence);
      process.stdout.write(`\n${figures(settings, evidence, violations)}\n`);
      if (violations.length > 0) throw new Error(`seed ${settings.seed}\n${complaint(evidence, violations)}`);
      expect(evidence.calls.length).toBeGreaterThanOrEqual(settings.payments);
    },
    LONGEST_MS,
  );
});
