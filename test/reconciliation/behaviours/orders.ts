import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { PaymentSession } from '../../../src/domain/payment.js';
import { PAYMENT_SESSION_STATUSES } from '../../../src/domain/payment-status.js';
import type { PaymentSessionStatus } from '../../../src/domain/payment-status.js';
import { Sensitive } from '../../../src/domain/sensitive.js';
import type { TestStore } from '../../store/test-store.js';
import { DAY, NOON, exceptionsOf, fileOf, importFile, settled } from '../daily-files.js';

const statuses = PAYMENT_SESSION_STATUSES.filter((status) => status !== 'CREATING');
const rowStatuses = [...statuses.filter((status) => status !== 'OUTCOME_UNKNOWN'), 'Teleported'];
// Few values of each, so that rows match payments often.
const ids = fc.constantFrom('r1', 'r2', 'r3', undefined);
const references = fc.constantFrom('a', 'b');
const emails = fc.constantFrom('x@example.com', 'y@example.com');
const cents = fc.constantFrom(100, 200);

const payments = fc.array(
  fc.record({ id: ids, reference: references, email: emails, cents, status: fc.constantFrom(...statuses) }),
  { maxLength: 5 },
);
const rows = fc.array(
  fc.record({
    requestId: ids,
    referenceId: fc.option(references, { nil: undefined }),
    email: emails,
    amount: fc.constantFrom('1.00', '2.00', 'x'),
    status: fc.constantFrom(...rowStatuses),
    created: fc.constant('2026-06-04'),
  }),
  { maxLength: 8 },
);
const cases = fc.record({ payments, rows }).chain(({ payments: list, rows: file }) =>
  fc.record({
    payments: fc.constant(list.map(toPayment)),
    one: fc.constant(file),
    other: fc.shuffledSubarray(file, { minLength: file.length }),
  }),
);

interface GivenPayment {
  readonly id: string | undefined;
  readonly reference: string;
  readonly email: string;
  readonly cents: number;
  readonly status: PaymentSessionStatus;
}

function toPayment({ id, reference, email, cents: amountMinor, status }: GivenPayment, index: number): PaymentSession {
  return settled(reference, {
    // A payment request belongs to one payment.
    paymentRequestId: id === undefined ? undefined : `${id}${index === 0 ? '' : `-${index}`}`,
    status,
    amount: { amountMinor, currency: 'CAD' },
    customer: { userId: 'user', name: new Sensitive('Alex Tremblay'), email: new Sensitive(email) },
    createdAt: NOON,
  });
}

/** Everything reported about the day except the time of the import and the lines of the rows. */
async function resultOf(store: TestStore) {
  const day = await store.reconciliation.findDay(DAY);
  const exceptions = (await exceptionsOf(store)).map(({ key, ...exception }) => ({
    ...exception,
    key: key.slice(0, 3),
    ...('row' in exception ? { row: { ...exception.row, line: 0 } } : {}),
  }));
  const rows = await store.rows('reconciliation_rows');
  const outcomes = rows.map(
    ({ outcome, digest, payment_session_id }) => `${outcome} ${digest} ${payment_session_id ?? ''}`,
  );
  return { day: { ...day, importedAt: undefined }, exceptions, outcomes: outcomes.sort() };
}

const eventIds = ({ kind, key }: { kind: string; key: readonly unknown[] }) =>
  kind === 'CONFLICTING_STATUS' ? [] : key;

export function orders(store: () => TestStore): void {
  it('does not change the result, and importing the file again does not either', async () => {
    await fc.assert(
      fc.asyncProperty(cases, async ({ payments: list, one, other }) => {
        const results = [];
        for (const file of [one, other]) {
          await store().empty();
          await store().add(...list);
          await importFile(store(), fileOf(file));
          results.push(await resultOf(store()));
        }
        await importFile(store(), fileOf(one));
        results.push(await resultOf(store()));
        const [first, ...others] = results.map(({ exceptions, ...result }) => ({
          ...result,
          exceptions: exceptions.map((exception) => ({ ...exception, key: eventIds(exception) })),
        }));
        for (const result of others) expect(result).toEqual(first);
      }),
      { numRuns: 60 },
    );
  });
}
