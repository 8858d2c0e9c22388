import { expect, it } from '@jest/globals';
import { REFUSED, RELEASED } from '../attempt-results.js';
import { newClaim } from '../test-store.js';
import type { TestStore } from '../test-store.js';

export function claims(store: () => TestStore): void {
  it('is claimed by the first claim', async () => {
    const claimed = await store().attempts.claim(newClaim({ key: 'first' }));
    expect(claimed).toEqual({
      attempt: {
        number: 1,
        owner: expect.stringMatching(/^[0-9a-f-]{36}$/),
        payment: expect.objectContaining({ id: expect.stringMatching(/^ps_/), status: 'CREATING' }),
      },
    });
    const [key] = await store().rows('idempotency_keys');
    expect(key).toMatchObject({ caller: 'anonymous', operation: 'LINK', key: 'first', state: 'CLAIMED', attempt: 1 });
  });

  it('is returned with its record to the next claim', async () => {
    const claim = newClaim();
    const first = await store().beginAs(claim);
    const second = await store().attempts.claim({ ...claim, fingerprint: { mac: 'other', keyId: 'x', version: 2 } });
    expect(second).toEqual({
      record: {
        state: 'CLAIMED',
        attempt: 1,
        fingerprint: claim.fingerprint,
        isLeaseExpired: false,
        releasedAs: undefined,
        payment: first.payment,
      },
    });
    expect(await store().rows('payment_sessions')).toHaveLength(1);
    expect(await store().listStatuses(first)).toEqual(['CREATING']);
  });

  it.each([
    ['of another client', { clientId: 'somebody-else' }],
    ['in another case', { key: 'Key-é' }],
    ['with a space at the end', { key: 'key-é ' }],
    ['with a space at the start', { key: ' key-é' }],
    ['that looks the same', { key: 'key-e\u0301' }],
    ['that is a pattern', { key: 'key-_' }],
  ] as const)('differs from a key %s', async (_, change) => {
    const claim = newClaim({ key: 'key-é' });
    await store().attempts.claim(claim);
    expect(await store().attempts.claim({ ...claim, ...change })).toHaveProperty('attempt');
    expect(await store().attempts.claim(claim)).toHaveProperty('record');
    expect(await store().attempts.claim({ ...claim, ...change })).toHaveProperty('record');
  });

  it.each([
    ['LINK', 'EMAIL'],
    ['EMAIL', 'LINK'],
  ] as const)('claimed for %s is returned with its record to a claim for %s', async (operation, other) => {
    const first = await store().beginAs({ deliveryMethod: operation, key: 'one' });
    const claim = newClaim({ deliveryMethod: other, key: 'one' });
    for (const result of [undefined, RELEASED, REFUSED]) {
      const attempt = result && ((await store().attempts.reclaim(await store().record(first))) ?? first);
      if (attempt !== undefined) await store().attempts.finish(attempt, result ?? RELEASED, []);
      const claimed = await store().attempts.claim(claim);
      expect(claimed).toEqual({ record: await store().record(first) });
      expect(claimed).toMatchObject({ record: { payment: { id: first.payment.id, deliveryMethod: operation } } });
    }
    expect(await store().rows('payment_sessions')).toHaveLength(1);
    expect(await store().rows('idempotency_keys')).toMatchObject([{ operation, rival: 0 }]);
  });

  it('can be claimed for another operation once it is removed', async () => {
    const first = await store().beginAs({ deliveryMethod: 'LINK', key: 'one' });
    await store().attempts.finish(first, RELEASED, []);
    await store().retention.removeReleased(new Date(Date.now() + 60_000));
    expect(await store().attempts.claim(newClaim({ deliveryMethod: 'EMAIL', key: 'one' }))).toHaveProperty('attempt');
  });

  it('has numbered attempts, each with its own owner', async () => {
    const first = await store().begin();
    await store().attempts.finish(first, RELEASED, []);
    const second = await store().attempts.reclaim(await store().record(first));
    expect(second).toEqual({ number: 2, owner: expect.any(String), payment: first.payment });
    expect(second?.owner).not.toBe(first.owner);
    expect(await store().record(first)).toMatchObject({ state: 'CLAIMED', attempt: 2, isLeaseExpired: false });
  });

  it('can be reclaimed only while it is released', async () => {
    const attempt = await store().begin();
    expect(await store().attempts.reclaim(await store().record(attempt))).toBeUndefined();
    await store().attempts.finish(attempt, REFUSED, []);
    expect(await store().attempts.reclaim(await store().record(attempt))).toBeUndefined();
    expect(await store().record(attempt)).toMatchObject({ state: 'REFUSED', attempt: 1 });
  });

  it('cannot be reclaimed with the record of an earlier attempt', async () => {
    const first = await store().begin();
    await store().attempts.finish(first, RELEASED, []);
    const firstRecord = await store().record(first);
    const second = await store().attempts.reclaim(firstRecord);
    if (second === undefined) throw new Error('the key is taken');
    await store().attempts.finish(second, RELEASED, []);
    expect(await store().attempts.reclaim(firstRecord)).toBeUndefined();
    expect(await store().attempts.reclaim(await store().record(first))).toMatchObject({ number: 3 });
  });

  it('is not found for an unknown payment', async () => {
    expect(await store().attempts.read({ id: 'ps_nothing' })).toBeUndefined();
  });
}
