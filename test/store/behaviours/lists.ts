import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ALL_OWNERS } from '../../../src/domain/api-client.js';
import type { Owner } from '../../../src/domain/api-client.js';
import { PAYMENT_DELIVERY_METHODS } from '../../../src/domain/payment.js';
import type {
  PaymentDeliveryMethod,
  PaymentFilter,
  PaymentPage,
  PaymentPosition,
} from '../../../src/domain/payment.js';
import { createPaymentId } from '../../../src/domain/ids.js';
import { PAYMENT_SESSION_STATUSES } from '../../../src/domain/payment-status.js';
import type { PaymentSessionStatus } from '../../../src/domain/payment-status.js';
import { toStored } from '../../../src/store/database/stored-values.js';
import { STARTED } from '../attempt-results.js';
import { EVERYTHING } from '../test-store.js';
import type { TestStore } from '../test-store.js';

interface Listed {
  readonly clientId: string;
  readonly deliveryMethod: PaymentDeliveryMethod;
  readonly status: PaymentSessionStatus;
  readonly userId: string;
  readonly referenceId: string;
  readonly createdAt: number;
}

type Stored = Listed & { readonly id: string };

// Few values of each, so that many payments are alike and many have the same millisecond.
const STATUSES = ['OUTCOME_UNKNOWN', 'INITIATED', 'SETTLED'] as const;
const LAST_MS = 5;

const payment: fc.Arbitrary<Listed> = fc.record({
  clientId: fc.constantFrom('anonymous', 'anonymous', 'other'),
  deliveryMethod: fc.constantFrom(...PAYMENT_DELIVERY_METHODS),
  status: fc.constantFrom(...STATUSES),
  userId: fc.constantFrom('user', 'user-2'),
  referenceId: fc.constantFrom('LOAN', 'loan'),
  createdAt: fc.nat(LAST_MS),
});
/** Mostly undefined, because otherwise hardly any payment would match. */
const maybe = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.oneof({ weight: 3, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: value });
const time = fc.integer({ min: -1, max: LAST_MS + 2 }).map((ms) => new Date(ms));
const someFilter: fc.Arbitrary<PaymentFilter> = fc.record({
  referenceId: maybe(fc.constantFrom('LOAN', 'loan', 'none')),
  userId: maybe(fc.constantFrom('user', 'user-2')),
  status: maybe(fc.constantFrom(...STATUSES)),
  deliveryMethod: maybe(fc.constantFrom(...PAYMENT_DELIVERY_METHODS)),
  createdFrom: maybe(time),
  createdBefore: maybe(time),
});

async function add(store: TestStore, payments: readonly Listed[]): Promise<Stored[]> {
  const stored = payments.map((each) => ({ ...each, id: createPaymentId() }));
  const rows = stored.map(({ id, clientId, deliveryMethod, status, ...rest }) => ({
    ...{ id, caller: clientId, delivery: deliveryMethod, status: toStored(status) },
    reference_id: rest.referenceId,
    user_id: rest.userId,
    amount_minor: 1,
    currency: 'CAD' as const,
    client_urls: '[]',
    created_at: rest.createdAt,
    updated_at: rest.createdAt,
    event_count: 0,
  }));
  if (rows.length > 0) await store.database.kysely.insertInto('payment_sessions').values(rows).execute();
  return stored;
}

/** The expected list, computed in memory. */
function expectedIds(owner: Owner, stored: readonly Stored[], filter: PaymentFilter): string[] {
  const { createdFrom, createdBefore, ...same } = filter;
  const matches = (each: Stored): boolean =>
    (owner === ALL_OWNERS || each.clientId === owner) &&
    Object.entries(same).every(([field, value]) => value === undefined || each[field as keyof Stored] === value) &&
    (createdFrom === undefined || each.createdAt >= createdFrom.getTime()) &&
    (createdBefore === undefined || each.createdAt < createdBefore.getTime());
  const newestFirst = (a: Stored, b: Stored): number => b.createdAt - a.createdAt || (a.id < b.id ? 1 : -1);
  return stored
    .filter(matches)
    .sort(newestFirst)
    .map(({ id }) => id);
}

export function lists(store: () => TestStore): void {
  const list = (
    filter: PaymentFilter,
    first: number,
    after?: PaymentPosition,
    owner: Owner = 'anonymous',
  ): Promise<PaymentPage> => store().payments.listPayments(owner, filter, first, after);

  /** Reads all pages, with these sizes in rotation. `between`: called after each page. */
  async function pageThrough(
    filter: PaymentFilter,
    sizes: readonly number[],
    between: () => Promise<unknown> = () => Promise.resolve(),
    owner?: Owner,
  ): Promise<string[]> {
    const ids: string[] = [];
    let after: PaymentPosition | undefined;
    for (let number = 0; ; number += 1) {
      const first = sizes[number % sizes.length] ?? 1;
      const { payments, hasNextPage } = await list(filter, first, after, owner);
      ids.push(...payments.map(({ id }) => id));
      if (!hasNextPage) return ids;
      expect(payments).toHaveLength(first);
      after = payments.at(-1);
      await between();
    }
  }

  it.each<[string, Owner]>([
    ['one client', 'anonymous'],
    ['all clients', ALL_OWNERS],
  ])(
    'contains every matching payment of %s once, newest first, even if payments are added meanwhile',
    async (_, owner) => {
      const sizes = fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 4 });
      await fc.assert(
        fc.asyncProperty(
          fc.array(payment, { maxLength: 40, size: 'max' }),
          someFilter,
          sizes,
          payment,
          async (payments, filter, pageSizes, newer) => {
            await store().empty();
            const expected = expectedIds(owner, await add(store(), payments), filter);
            const addNewer = () => add(store(), [{ ...newer, createdAt: LAST_MS + 1 }]);
            expect(await pageThrough(filter, pageSizes, addNewer, owner)).toEqual(expected);
          },
        ),
        { numRuns: 60 },
      );
    },
  );

  it.each(PAYMENT_DELIVERY_METHODS)('contains %s payments of every status', async (deliveryMethod) => {
    const common = { clientId: 'anonymous', deliveryMethod, userId: 'user', referenceId: 'LOAN' };
    const stored = await add(
      store(),
      PAYMENT_SESSION_STATUSES.map((status, createdAt) => ({ ...common, status, createdAt })),
    );
    const newestFirst = stored.map(({ id }) => id).reverse();
    expect(await pageThrough(EVERYTHING, [3])).toEqual(newestFirst);
    for (const { status, id } of stored) expect(await pageThrough({ ...EVERYTHING, status }, [1])).toEqual([id]);
  });

  it.each([{}, { userId: 'user' }, { referenceId: 'LOAN' }, { userId: 'user', referenceId: 'LOAN' }])(
    'contains nothing of another client with the filter %j',
    async (filter) => {
      const alike = {
        deliveryMethod: 'LINK',
        status: 'SETTLED',
        userId: 'user',
        referenceId: 'LOAN',
        createdAt: 1,
      } as const;
      const [own] = await add(store(), [
        { ...alike, clientId: 'anonymous' },
        { ...alike, clientId: 'other' },
      ]);
      expect(await pageThrough({ ...EVERYTHING, ...filter }, [10])).toEqual([own?.id]);
    },
  );

  it('has a next page only if payments remain after the page', async () => {
    const stored = {
      deliveryMethod: 'LINK',
      status: 'SETTLED',
      userId: 'user',
      referenceId: 'LOAN',
      createdAt: 1,
    } as const;
    await add(store(), Array<Listed>(4).fill({ ...stored, clientId: 'anonymous' }));
    for (const [first, more] of [
      [3, true],
      [4, false],
      [5, false],
    ] as const)
      expect(await list(EVERYTHING, first)).toMatchObject({ hasNextPage: more });
    const { payments } = await list(EVERYTHING, 4);
    expect(await list(EVERYTHING, 1, payments.at(-1))).toEqual({ payments: [], hasNextPage: false });
  });

  it('continues after any position, even of a payment that is removed or does not match the filter', async () => {
    const common = { clientId: 'anonymous', deliveryMethod: 'LINK', status: 'SETTLED', userId: 'user' } as const;
    await add(
      store(),
      [10, 20, 30].map((createdAt) => ({ ...common, referenceId: 'LOAN', createdAt })),
    );
    const timesAfter = async (ms: number, filter = EVERYTHING) => {
      const { payments } = await list(filter, 10, { id: createPaymentId(), createdAt: new Date(ms) });
      return payments.map(({ createdAt }) => createdAt.getTime());
    };
    expect(await timesAfter(25)).toEqual([20, 10]);
    expect(await timesAfter(90, { ...EVERYTHING, createdBefore: new Date(20) })).toEqual([10]);
    expect(await timesAfter(5, { ...EVERYTHING, createdBefore: new Date(30) })).toEqual([]);
  });

  it('contains a payment as it is found by its id', async () => {
    const attempt = await store().begin();
    await store().attempts.finish(attempt, STARTED, []);
    const { payments } = await list({ ...EVERYTHING, userId: 'user-1', referenceId: 'LOAN-1042' }, 10);
    expect(payments).toEqual(await store().payments.findPayments('anonymous', [attempt.payment.id]));
    expect(payments).toMatchObject([{ status: 'INITIATED' }]);
    expect(payments[0]?.customer.name?.reveal()).toBe('Zoé Tremblay-Côté');
  });
}
