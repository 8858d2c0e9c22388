import { describe, expect, it } from '@jest/globals';
import { itBehindPooler } from '../support/pgbouncer.js';
import { findViolations } from './violations.js';
import { describeViolations, figures } from './report.js';
import { runCrash } from './run.js';
import type { Settings } from './settings.js';

const TIMEOUT_MS = 60 * 60_000;

/** `npm run test:crash` sets this. Without it, short runs halt gateways only at the points where failures do most harm. */
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

describe('gateways that are killed, paused and disconnected', () => {
  for (const settings of RUNS) {
    const { store, payments, kills, replicas, seed } = settings;
    (store === 'pgbouncer' ? itBehindPooler : it)(
      `make at most one payment per idempotency key on ${store}, with ${payments} payments, ${kills} kills and ${replicas} replica(s)`,
      async () => {
        const evidence = await runCrash(settings);
        const violations = findViolations(evidence);
        process.stdout.write(`\n${figures(settings, evidence, violations)}\n`);
        if (violations.length > 0) throw new Error(`seed ${seed}\n${describeViolations(evidence, violations)}`);
        expect(evidence.calls.length).toBeGreaterThanOrEqual(payments);
      },
      TIMEOUT_MS,
    );
  }
});
