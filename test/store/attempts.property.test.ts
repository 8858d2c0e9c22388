import { afterAll, beforeAll, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { UNLIMITED } from '../support/unlimited.js';
import { DataKeys } from '../../src/store/encryption/data-keys.js';
import { SqlAttemptStore } from '../../src/store/sql/attempts/sql-attempt-store.js';
import { StoreHealth } from '../../src/store/database/store-health.js';
import type { Attempt, AttemptResult, KeyRecord } from '../../src/domain/idempotency-key.js';
import { AttemptModel } from './attempt-model.js';
import type { ModelAttempt, View } from './attempt-model.js';
import { REFUSED, RELEASED, STARTED, UNKNOWN } from './attempt-results.js';
import { NOBODY_LISTENS, TestStore, dataKey, newClaim } from './test-store.js';

const LEASE_MS = 100;
const KEYS = ['a', 'b', 'c'];
const LIMIT = { limit: 2, periodMs: 3 * LEASE_MS };
const keys = new DataKeys([dataKey('test')]);

const RESULTS: readonly AttemptResult[] = [STARTED, REFUSED, RELEASED, UNKNOWN];

let store: TestStore;
beforeAll(async () => {
  store = await TestStore.open('sqlite::memory:', keys);
});
afterAll(() => store.close());

/** Two replicas on one store, and the model. Records and attempts are kept, and used again when they are stale. */
class Run {
  readonly model = new AttemptModel(LEASE_MS, LIMIT);
  readonly #started: { real: Attempt; model: ModelAttempt }[] = [];
  readonly #records: { real: KeyRecord; key: string; model: View }[] = [];
  readonly #replicas: readonly SqlAttemptStore[];

  constructor() {
    const database = store.timed(() => this.model.nowMs);
    const health = new StoreHealth(NOBODY_LISTENS);
    const limits = { ...UNLIMITED, paymentsPerClient: LIMIT };
    this.#replicas = [0, 1].map(() => new SqlAttemptStore(database, keys, health, LEASE_MS, LEASE_MS, limits));
  }

  async claim(replica: SqlAttemptStore, { key, operation }: Pick<Command, 'key' | 'operation'>): Promise<void> {
    const claimed = await replica.claim(newClaim({ key, deliveryMethod: operation }));
    const expected = this.model.claim(key, operation);
    const limited = expected !== undefined && 'retryAfterMs' in expected ? expected : undefined;
    expect('limited' in claimed ? claimed.limited : undefined).toEqual(limited);
    if (expected === undefined || 'number' in expected)
      this.#noteAttempt('attempt' in claimed ? claimed.attempt : undefined, expected);
    if ('record' in claimed) await this.#noteRecord(claimed.record, key);
  }

  async read(replica: SqlAttemptStore, key: string): Promise<void> {
    const payment = this.#started.find(({ model }) => model.key === key)?.real.payment;
    if (payment === undefined) return;
    const record = await replica.read(payment);
    if (record !== undefined) await this.#noteRecord(record, key);
  }

  async act(command: Command): Promise<void> {
    const replica = this.#replicas[command.replica % 2];
    const started = this.#started.at(-1 - command.which);
    const record = this.#records.at(-1 - command.which);
    if (replica === undefined) return;
    if (command.kind === 'claim') await this.claim(replica, command);
    else if (command.kind === 'pass') this.model.nowMs += command.ms;
    else if (command.kind === 'expire-stale')
      expect(await replica.expireStaleAttempts(command.all)).toBe(this.model.expireStaleAttempts(command.all));
    else if (started !== undefined && command.kind === 'mark')
      expect(await replica.mark(started.real)).toBe(this.model.mark(started.model));
    else if (started !== undefined && command.kind === 'finish')
      expect((await replica.finish(started.real, command.result, []))?.state).toBe(
        this.model.finish(started.model, command.result.kind),
      );
    else if (record !== undefined && command.kind === 'reclaim')
      this.#noteAttempt(await replica.reclaim(record.real), this.model.reclaim(record.key, record.model.attempt));
    else if (record !== undefined && command.kind === 'expire' && /CLAIMED|MARKED/.test(record.model.state)) {
      await replica.expire(record.real);
      this.model.expire(record.key, record.model);
    }
    for (const key of KEYS) await this.read(replica, key);
  }

  #noteAttempt(real: Attempt | undefined, model: ModelAttempt | undefined): void {
    expect(real?.number).toBe(model?.number);
    if (real !== undefined && model !== undefined) this.#started.push({ real, model });
  }

  async #noteRecord(real: KeyRecord, key: string): Promise<void> {
    const model = this.model.view(key);
    const { state, attempt, isLeaseExpired, payment } = real;
    const events = await store.listStatuses({ payment });
    expect({ operation: payment.deliveryMethod, state, attempt, isLeaseExpired, events }).toEqual(model);
    expect(payment.status).toBe(model?.events.at(-1));
    const isNew = !this.#records.some(
      (each) => each.key === key && JSON.stringify(each.model) === JSON.stringify(model),
    );
    if (model !== undefined && isNew) this.#records.push({ real, key, model });
  }
}

const kinds = ['claim', 'reclaim', 'mark', 'mark', 'finish', 'finish', 'expire', 'expire-stale', 'pass'] as const;
const anyCommand = fc.record({
  kind: fc.constantFrom(...kinds),
  replica: fc.nat(1),
  key: fc.constantFrom(...KEYS),
  operation: fc.constantFrom('EMAIL' as const, 'EMAIL' as const, 'LINK' as const),
  /** How many attempts or records back the used one is. It is often stale. */
  which: fc.nat(3),
  result: fc.constantFrom(...RESULTS),
  all: fc.constantFrom(false, false, false, true),
  ms: fc.constantFrom(1, LEASE_MS / 2, LEASE_MS),
});
type Command = typeof anyCommand extends fc.Arbitrary<infer T> ? T : never;

it('two replicas on one store behave like the model in any order of commands', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyCommand, { maxLength: 60, size: 'max' }), async (commands) => {
      await store.empty();
      const run = new Run();
      for (const each of commands) await run.act(each);
    }),
    { numRuns: 80 },
  );
}, 120_000);
