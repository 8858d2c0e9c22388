import { expect } from '@jest/globals';
import type { StartPaymentResult } from '../../src/domain/payment-results.js';
import type { RateLimit } from '../../src/domain/rate-limits.js';
import type { DataKeys } from '../../src/store/encryption/data-keys.js';
import { unseal } from '../../src/store/sql/payment-rows.js';
import type { TestStore } from '../store/test-store.js';
import { intentionOf } from './replica.js';
import type { TestCall } from './replica.js';
import { LEASE_MS } from './world.js';
import type { World } from './world.js';

type Told = TestCall & { readonly answer: StartPaymentResult };

/** Every answer of a run, and what must hold of all of them together. */
export class History {
  readonly #told: Told[] = [];

  constructor(private readonly world: World) {}

  note(call: TestCall, answer: StartPaymentResult | undefined): void {
    if (answer === undefined) return;
    this.#told.push({ ...call, answer });
    if (answer.kind !== 'unknown') return;
    const intention = intentionOf(call.name);
    this.world.toldUnknown.add(intention);
    const { doubts, begunMs, nowMs } = this.world;
    if (!doubts.has(intention) && nowMs - (begunMs.get(intention) ?? nowMs) < LEASE_MS)
      this.world.mistakes.push(`${call.name} is unknown without a cause`);
  }

  check(): void {
    expect(this.world.mistakes).toEqual([]);
    for (const intention of this.#intentions()) {
      const told = this.#told.filter(({ name }) => intentionOf(name) === intention);
      const done = told.flatMap(({ answer }) => (answer.kind === 'succeeded' ? [answer] : []));
      const payments = told.flatMap(({ answer }) => ('payment' in answer ? [answer.payment.id] : []));
      const took = told.filter(({ answer }) => !/key-reused|store-unavailable|rate-limited/.test(answer.kind));
      const counts = {
        emails: this.world.emails.filter((each) => each === intention).length,
        sessions: new Set(done.map(({ payment }) => payment.sessionId?.reveal() ?? 'none')).size,
        payments: new Set(payments).size,
        inputs: new Set(took.map(({ name, amountMinor }) => `${name} ${amountMinor}`)).size,
        firsts: done.filter(({ replayed }) => !replayed).length,
      };
      const tooMany = Object.entries(counts).filter(([, count]) => count > 1);
      expect({ intention, tooMany }).toEqual({ intention, tooMany: [] });
    }
  }

  /** That each session which can be paid is a payment's, or known to be nobody's. */
  async checkSessions(store: TestStore, keys: DataKeys): Promise<void> {
    const open = (sealed: string | null, id: string) => unseal(keys, sealed, 'session_id', id)?.reveal() ?? [];
    const known = new Set([
      ...(await store.rows('payment_sessions')).flatMap(({ id, session_id }) => open(session_id, id)),
      ...(await store.rows('abandoned_attempts')).flatMap((row) => open(row.session_id, row.payment_session_id)),
    ]);
    const lost = this.world.sessions.filter(({ id, process }) => !known.has(id) && !process.dead);
    expect(lost.map(({ name }) => name)).toEqual([]);
  }

  /** That no limit was passed, and that what was limited left nothing behind. */
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
    return new Set(this.#told.map(({ name }) => intentionOf(name)));
  }
}
