import { expect } from '@jest/globals';
import type { StartPaymentResult } from '../../src/domain/payment-results.js';
import type { RateLimit } from '../../src/domain/rate-limits.js';
import type { DataKeys } from '../../src/store/encryption/data-keys.js';
import { unseal } from '../../src/store/sql/payment-rows.js';
import type { TestStore } from '../store/test-store.js';
import { intentionOf } from './replica.js';
import type { TestCall } from './replica.js';
import { LEASE_MS } from './simulated-environment.js';
import type { SimulatedEnvironment } from './simulated-environment.js';

type Recorded = TestCall & { readonly result: StartPaymentResult };

/** Every result of a run, and the checks of all of them together. */
export class History {
  readonly #results: Recorded[] = [];

  constructor(private readonly environment: SimulatedEnvironment) {}

  record(call: TestCall, result: StartPaymentResult | undefined): void {
    if (result === undefined) return;
    this.#results.push({ ...call, result });
    if (result.kind !== 'unknown') return;
    const intention = intentionOf(call.name);
    this.environment.reportedUnknown.add(intention);
    const { uncertainIntentions, startedMs, nowMs } = this.environment;
    if (!uncertainIntentions.has(intention) && nowMs - (startedMs.get(intention) ?? nowMs) < LEASE_MS)
      this.environment.violations.push(`${call.name} is unknown without a cause`);
  }

  check(): void {
    expect(this.environment.violations).toEqual([]);
    for (const intention of this.#intentions()) {
      const recorded = this.#results.filter(({ name }) => intentionOf(name) === intention);
      const done = recorded.flatMap(({ result }) => (result.kind === 'succeeded' ? [result] : []));
      const payments = recorded.flatMap(({ result }) => ('payment' in result ? [result.payment.id] : []));
      const accepted = recorded.filter(({ result }) => !/key-reused|store-unavailable|rate-limited/.test(result.kind));
      const counts = {
        emails: this.environment.emails.filter((each) => each === intention).length,
        sessions: new Set(done.map(({ payment }) => payment.sessionId?.reveal() ?? 'none')).size,
        payments: new Set(payments).size,
        inputs: new Set(accepted.map(({ name, amountMinor }) => `${name} ${amountMinor}`)).size,
        firsts: done.filter(({ replayed }) => !replayed).length,
      };
      const tooMany = Object.entries(counts).filter(([, count]) => count > 1);
      expect({ intention, tooMany }).toEqual({ intention, tooMany: [] });
    }
  }

  /** Checks that each session that can be paid belongs to a payment or is recorded as orphaned. */
  async checkSessions(store: TestStore, keys: DataKeys): Promise<void> {
    const open = (sealed: string | null, id: string) => unseal(keys, sealed, 'session_id', id)?.reveal() ?? [];
    const known = new Set([
      ...(await store.rows('payment_sessions')).flatMap(({ id, session_id }) => open(session_id, id)),
      ...(await store.rows('abandoned_attempts')).flatMap((row) => open(row.session_id, row.payment_session_id)),
    ]);
    const lost = this.environment.sessions.filter(({ id, process }) => !known.has(id) && !process.hasCrashed);
    expect(lost.map(({ name }) => name)).toEqual([]);
  }

  /** Checks that no limit was exceeded, and that limited claims left no rows. */
  async checkLimits(
    store: TestStore,
    { paymentsPerClient, emailsPerPayer }: Record<'paymentsPerClient' | 'emailsPerPayer', RateLimit>,
  ): Promise<void> {
    const rows = await store.rows('payment_sessions');
    expect(rows).toHaveLength(this.#intentions().size);
    for (const { caller, created_at: until } of rows) {
      const within = ({ periodMs }: RateLimit) =>
        rows.filter((row) => row.caller === caller && row.created_at <= until && row.created_at > until - periodMs);
      expect(within(paymentsPerClient).length).toBeLessThanOrEqual(paymentsPerClient.limit);
      const emails = within(emailsPerPayer).filter(({ delivery }) => delivery === 'EMAIL');
      expect(emails.length).toBeLessThanOrEqual(emailsPerPayer.limit);
    }
  }

  #intentions(): Set<string> {
    return new Set(this.#results.map(({ name }) => intentionOf(name)));
  }
}
