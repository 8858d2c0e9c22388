import { beforeAll, describe, expect, it } from '@jest/globals';
import { MEMBER } from '../support/faults.js';
import { withSandbox } from '../support/fixture.js';
import type { TestGateway } from '../support/gateway.js';
import { CREATION, SEND, find, look, newInput, pay, payPersistently, paymentIn } from '../support/payments.js';
import { ProxiedPostgres } from '../support/proxied-postgres.js';
import { until } from '../support/until.js';
import { secretsIn } from '../support/secrets.js';

/** What the store's own time limits add up to is 8 s; the rest is for a slow machine. */
const LIMIT_MS = 12_000;

// A claim that reached the server and was not acknowledged is nobody's until its lease ends.
const LEASES = { MUTATION_TIMEOUT: '2s', IDEMPOTENCY_LEASE: '2500ms' };

const postgres = new ProxiedPostgres();
const { sandbox, start, output } = withSandbox({ services: [postgres] });
/** One behind a network that was lost, one whose server does not run on. */
let gateways: TestGateway[];

beforeAll(async () => {
  const paused = await postgres.server.createDatabase();
  const urls = [postgres.url, postgres.server.databaseUrl(paused)];
  gateways = await Promise.all(urls.map((url) => start({ DATABASE_URL: url, ...LEASES })));
});

function silence(): void {
  postgres.proxy.freeze();
  postgres.server.pause();
}

function wake(): void {
  postgres.server.resume();
  postgres.proxy.thaw();
}

describe('a PostgreSQL that is silent', () => {
  it('makes nobody wait beyond the limits of the store, and is used again when it speaks', async () => {
    const known = await Promise.all(gateways.map((gateway) => pay(gateway, CREATION, newInput())));
    const { calls } = (await sandbox.journal()).counts;
    const payments = gateways.map((gateway, index) => ({
      ...{ gateway, creation: newInput(), send: newInput() },
      id: paymentIn(known[index] ?? { __typename: 'nothing' }).id,
    }));
    silence();
    const startedMs = performance.now();
    const answers = await Promise.all(
      payments.map(({ gateway, creation, send, id }) =>
        Promise.all([
          pay(gateway, CREATION, creation),
          pay(gateway, SEND, send),
          look(gateway, id),
          gateway.get('/health/ready'),
        ]),
      ),
    );
    expect(performance.now() - startedMs).toBeLessThan(LIMIT_MS);
    for (const [created, sent, found, ready] of answers) {
      expect([created, sent]).toEqual([MEMBER.storeUnavailable, MEMBER.storeUnavailable]);
      expect(found.errors).toMatchObject([{ extensions: { code: 'SERVICE_UNAVAILABLE' } }]);
      expect(ready.status).toBe(503);
    }
    expect((await sandbox.journal()).counts.calls).toEqual(calls);

    wake();
    for (const { gateway, creation, send, id } of payments) {
      await until(async () => (await gateway.get('/health/ready')).status === 200);
      expect(await find(gateway, id)).toMatchObject({ status: 'INITIATED' });
      const [created, sent] = await Promise.all([
        payPersistently([gateway], CREATION, creation),
        payPersistently([gateway], SEND, send),
      ]);
      expect(created).toMatchObject({ __typename: CREATION.success, replayed: false });
      expect(sent).toMatchObject({ __typename: SEND.success, replayed: false });
      expect(await sandbox.sessionsOf(creation.customer)).toHaveLength(1);
      expect(await sandbox.mailsTo(send.customer)).toBe(1);
    }
    expect(await secretsIn(output(), sandbox)).toEqual([]);
  });
});
