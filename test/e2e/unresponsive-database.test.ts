import { beforeAll, describe, expect, it } from '@jest/globals';
import { EXPECTED_RESULTS } from '../support/faults.js';
import { withSandbox } from '../support/fixture.js';
import type { TestGateway } from '../support/gateway.js';
import {
  CREATION,
  SEND,
  findPayment,
  queryPayment,
  newInput,
  pay,
  payWithRetries,
  paymentIn,
} from '../support/payments.js';
import { ProxiedPostgres } from '../support/proxied-postgres.js';
import { until } from '../support/until.js';
import { secretsIn } from '../support/secrets.js';

/** The time limits of the store add up to 8 s; the rest is for a slow machine. */
const MAX_WAIT_MS = 12_000;

// A claim that reached the server without acknowledgement blocks its key until its lease ends.
const LEASES = { MUTATION_TIMEOUT: '2s', IDEMPOTENCY_LEASE: '2500ms' };

const postgres = new ProxiedPostgres();
const { sandbox, start, output } = withSandbox({ services: [postgres] });
/** One behind a network connection that is lost, one whose database server is paused. */
let gateways: TestGateway[];

beforeAll(async () => {
  const paused = await postgres.server.createDatabase();
  const urls = [postgres.url, postgres.server.databaseUrl(paused)];
  gateways = await Promise.all(urls.map((url) => start({ DATABASE_URL: url, ...LEASES })));
});

function stopResponding(): void {
  postgres.proxy.freeze();
  postgres.server.pause();
}

function resumeResponding(): void {
  postgres.server.resume();
  postgres.proxy.thaw();
}

describe('a PostgreSQL server that does not respond', () => {
  it('delays no request beyond the time limits of the store, and is used again when it responds', async () => {
    const existing = await Promise.all(gateways.map((gateway) => pay(gateway, CREATION, newInput())));
    const { calls } = (await sandbox.journal()).counts;
    const payments = gateways.map((gateway, index) => ({
      ...{ gateway, creation: newInput(), send: newInput() },
      id: paymentIn(existing[index] ?? { __typename: 'nothing' }).id,
    }));
    stopResponding();
    const startedMs = performance.now();
    const results = await Promise.all(
      payments.map(({ gateway, creation, send, id }) =>
        Promise.all([
          pay(gateway, CREATION, creation),
          pay(gateway, SEND, send),
          queryPayment(gateway, id),
          gateway.get('/health/ready'),
        ]),
      ),
    );
    expect(performance.now() - startedMs).toBeLessThan(MAX_WAIT_MS);
    for (const [created, sent, found, ready] of results) {
      expect([created, sent]).toEqual([EXPECTED_RESULTS.storeUnavailable, EXPECTED_RESULTS.storeUnavailable]);
      expect(found.errors).toMatchObject([{ extensions: { code: 'SERVICE_UNAVAILABLE' } }]);
      expect(ready.status).toBe(503);
    }
    expect((await sandbox.journal()).counts.calls).toEqual(calls);

    resumeResponding();
    for (const { gateway, creation, send, id } of payments) {
      await until(async () => (await gateway.get('/health/ready')).status === 200);
      expect(await findPayment(gateway, id)).toMatchObject({ status: 'INITIATED' });
      const [created, sent] = await Promise.all([
        payWithRetries([gateway], CREATION, creation),
        payWithRetries([gateway], SEND, send),
      ]);
      expect(created).toMatchObject({ __typename: CREATION.success, replayed: false });
      expect(sent).toMatchObject({ __typename: SEND.success, replayed: false });
      expect(await sandbox.sessionsOf(creation.customer)).toHaveLength(1);
      expect(await sandbox.mailsTo(send.customer)).toBe(1);
    }
    expect(await secretsIn(output(), sandbox)).toEqual([]);
  });
});
