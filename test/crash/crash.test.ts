import { describe, expect, it } from '@jest/globals';
import { itBehindPooler } from '../support/pgbouncer.js';
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
        { ...SHORT, store: 'pgbouncer', replicas: 2 },
      ]
    : [JSON.parse(LONG) as Settings];

describe('gateways that are killed, paused and cut off', () => {
  for (const settings of RUNS) {
    const { store, payments, kills, replicas, seed } = settings;
    (store === 'pgbouncer' ? itBehindPooler : it)(
      `pay each key once over ${store}: ${payments} payments, ${kills} kills, ${replicas} replica(s)`,
      async () => {
        const evidence = await runCrash(settings);
        const violations = judge(evidence);
        process.stdout.write(`\n${figures(settings, evidence, violations)}\n`);
        if (violations.length > 0) throw new Error(`seed ${seed}\n${complaint(evidence, violations)}`);
        expect(evidence.calls.length).toBeGreaterThanOrEqual(payments);
      },
      LONGEST_MS,
    );
  }
});
