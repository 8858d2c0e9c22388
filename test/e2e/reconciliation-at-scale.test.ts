import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { decimalText } from '../../src/domain/money.js';
import type { PaymentSession } from '../../src/domain/payment.js';
import { isFinal } from '../../src/domain/payment-status.js';
import type { PaymentSessionStatus } from '../../src/domain/payment-status.js';
import { Sensitive } from '../../src/domain/sensitive.js';
import { ReconciliationReportDocument } from '../../client/src/generated/operations.js';
import type { ReconciliationReportQuery } from '../../client/src/generated/operations.js';
import { withSandbox } from '../support/fixture.js';
import { run } from '../support/gateway.js';
import { fillStore, paymentWith } from '../support/many-payments.js';
import { TestPostgres } from '../support/postgres.js';
import { DailyFiles } from '../support/reconcile.js';
import type { ReconcileResult } from '../support/reconcile.js';
import type { DailyFileFault, DailyFileOptions } from '../support/sandbox.js';
import { until } from '../support/until.js';

const PAYMENTS = Number(process.env.RECONCILIATION_PAYMENTS ?? 100_000);
const MAX_MEGABYTES = 400;
const DAY = '2026-06-04';
const DAY_BEGINS_MS = Date.parse('2026-06-04T04:00:00Z');
const COUNT_OF_EACH = 40;
const FAULTS: DailyFileOptions = {
  seed: 4,
  faults: {
    missingThere: COUNT_OF_EACH,
    missingHere: COUNT_OF_EACH,
    amountDiffers: COUNT_OF_EACH,
    statusDiffers: COUNT_OF_EACH,
    duplicateRow: COUNT_OF_EACH,
    unreadableRow: COUNT_OF_EACH,
    ambiguous: COUNT_OF_EACH,
  },
};
const PROVIDER_STATUSES: Readonly<Partial<Record<PaymentSessionStatus, string>>> = {
  SETTLED: 'Settled',
  FAILED: 'Failed',
  DECLINED: 'Declined',
  CANCELLED: 'Cancelled',
  EXPIRED: 'Expired',
  ACCEPTED: 'Accepted',
};

/** A payment as the store has it, and its status at Flinks. */
interface KnownPayment {
  readonly payment: PaymentSession;
  readonly status: PaymentSessionStatus;
}

/** Some are late updates, and some are pairs that differ only in their request ids. */
function paymentAt(index: number): KnownPayment {
  const isLate = index % 100 === 7;
  const status = isLate
    ? 'ACCEPTED'
    : ((index % 10 < 8 ? 'SETTLED' : FINAL_STATUSES[index % FINAL_STATUSES.length]) ?? 'FAILED');
  const pairIndex = index % 1_000 < 2 ? index - (index % 1_000) : index;
  const emailed = index % 10 === 3;
  const createdAt = new Date(DAY_BEGINS_MS + (pairIndex % 80_000) * 1_000);
  const payment = paymentWith({
    deliveryMethod: emailed ? 'EMAIL' : 'LINK',
    status: isLate ? 'PROCESSING' : status,
    referenceId: `LOAN-${pairIndex}`,
    paymentRequestId: emailed ? undefined : randomUUID(),
    sessionId: new Sensitive(randomUUID()),
    amount: { amountMinor: 1_000 + (pairIndex % 90_000), currency: 'CAD' },
    customer: {
      userId: `user-${pairIndex % 5_000}`,
      name: new Sensitive('Zoé Tremblay-Côté'),
      email: new Sensitive(`payer-${pairIndex % 5_000}@example.com`),
    },
    createdAt,
    updatedAt: new Date(createdAt.getTime() + 60_000),
  });
  return { payment, status };
}

type Exceptions = NonNullable<ReconciliationReportQuery['reconciliationReport']>['exceptions'];

const FINAL_STATUSES = ['FAILED', 'DECLINED', 'CANCELLED', 'EXPIRED'] as const;

function sessionOf({ payment, status }: KnownPayment) {
  const { customer, createdAt, updatedAt } = payment;
  return {
    sessionId: payment.sessionId?.reveal() ?? '',
    ...(payment.paymentRequestId === undefined ? {} : { requestId: payment.paymentRequestId }),
    startedBy: payment.deliveryMethod === 'EMAIL' ? ('sendrequest' as const) : ('initiate' as const),
    referenceId: payment.referenceId,
    amount: decimalText(payment.amount.amountMinor),
    customerName: customer.name?.reveal() ?? '',
    customerEmail: customer.email?.reveal() ?? '',
    status: PROVIDER_STATUSES[status] ?? '',
    createdAt: createdAt.toISOString(),
    changedAt: updatedAt.toISOString(),
  };
}

const KINDS: Readonly<Record<DailyFileFault['kind'], string>> = {
  missingThere: 'MISSING_IN_FILE',
  missingHere: 'MISSING_IN_GATEWAY',
  amountDiffers: 'AMOUNT_MISMATCH',
  statusDiffers: 'STATUS_MISMATCH',
  duplicateRow: 'DUPLICATE_ROW',
  unreadableRow: 'INVALID_ROW',
  ambiguous: 'AMBIGUOUS',
};

/** The exception expected of a fault: its kind, the reference, and the field and values that differ. */
function describeFault({ kind, referenceId, field, expected, inFile }: DailyFileFault): string {
  const difference = field === null ? '' : `${field} ${expected ?? ''} ${inFile ?? ''}`.toUpperCase();
  return `${KINDS[kind]} ${referenceId} ${difference}`.trimEnd();
}

/** The exception of a line that the command printed, in the same form. */
function describeLine(line: string): string {
  const { kind = '', ...fields } = fieldsIn(line);
  const difference = kind === 'INVALID_ROW' ? [] : [fields.field, fields.recordedValue, fields.reportedValue];
  return [kind, fields.reference, ...difference].filter((field) => field !== undefined).join(' ');
}

function fieldsIn(line: string): Readonly<Partial<Record<string, string>>> {
  const [, kind, ...fields] = line.split(' ');
  return { kind, ...Object.fromEntries(fields.map((field) => field.split('=', 2) as [string, string])) };
}

const exceptionsIn = ({ lines }: ReconcileResult): string[] => lines.filter((line) => line.startsWith('EXCEPTION'));
const withoutLine = (line: string): string => line.replace(/ line=\d+/, '');

describe('the reconciliation of a day of many payments', () => {
  const postgres = new TestPostgres();
  const environment = () => ({ FLINKS_BASE_URL: sandbox.url, DATABASE_URL: postgres.databaseUrl() });
  const files = new DailyFiles(environment);
  const { sandbox, start } = withSandbox({ services: [postgres, files] });
  let known: readonly KnownPayment[];

  beforeAll(async () => {
    known = Array.from({ length: PAYMENTS }, (_, index) => paymentAt(index));
    await fillStore(
      postgres.databaseUrl(),
      known.map(({ payment }) => payment),
    );
    await sandbox.addSessions(known.map(sessionOf));
    // No file can show these: on the day, webhooks reported three settled payments as failed.
    await postgres.query(`insert into payment_session_events (payment_session_id, number, status, source, at, effect)
      select id, 2, 'FAILED', 'WEBHOOK', ${DAY_BEGINS_MS + 1}, 'contradicted' from payment_sessions
      where status = 'SETTLED' order by id limit 3`);
  }, 600_000);

  it('finds exactly the exceptions of the file, in any order of rows, in limited memory', async () => {
    const faults = await sandbox.dailyFileFaults(DAY, FAULTS);
    const open = new Set(
      known
        .filter(({ payment }) => !isFinal(payment.status))
        .map(sessionOf)
        .map(({ sessionId }) => sessionId),
    );
    // A payment that is open in the store is not reported as missing in the file.
    const isReported = ({ kind, sessionId }: DailyFileFault): boolean =>
      kind !== 'missingThere' || !open.has(sessionId ?? '');
    const expected = faults.filter(isReported).map(describeFault);
    for (const kind of Object.values(KINDS))
      expect(expected.filter((each) => each.startsWith(kind)).length).toBeGreaterThan(COUNT_OF_EACH - 5);

    const first = await files.reconcile(await sandbox.dailyFile(DAY, FAULTS), '--date', DAY);
    expect(first.lines.slice(-3)).toContain('The day does not balance.');
    const reported = exceptionsIn(first);
    const conflicts = reported.filter((line) => fieldsIn(line).kind === 'CONFLICTING_STATUS');
    expect(
      reported
        .filter((line) => !conflicts.includes(line))
        .map(describeLine)
        .sort(),
    ).toEqual(expected.sort());
    expect(conflicts.map((line) => fieldsIn(line))).toEqual(
      Array(3).fill(expect.objectContaining({ field: 'STATUS', recordedValue: 'SETTLED', reportedValue: 'FAILED' })),
    );
    expect(first.code).toBe(1);
    expect(first.lines.at(-1)).toBe('The day does not balance.');

    const shuffled: DailyFileOptions = { ...FAULTS, order: 'shuffled', columns: 'alternative', bom: true };
    const second = await files.reconcile(await sandbox.dailyFile(DAY, shuffled), '--date', DAY);
    expect(second.lines.map(withoutLine)).toEqual(first.lines.map(withoutLine));
    for (const { peakMegabytes } of [first, second]) expect(peakMegabytes ?? 0).toBeLessThan(MAX_MEGABYTES);
    console.log(
      `${PAYMENTS} rows took ${Math.round(Math.max(first.peakMegabytes ?? 0, second.peakMegabytes ?? 0))} MB`,
    );
  }, 600_000);

  it('returns the same exceptions by GraphQL as on the command line', async () => {
    const gateway = await start(environment());
    const page = async (after: string | null) => {
      const response = await gateway.run(ReconciliationReportDocument, { date: DAY, first: 100, after });
      const report = response.data?.reconciliationReport;
      if (report == null) throw new Error('there is no report of the day');
      return report;
    };
    const kinds = new Map<string, number>();
    let after: string | null = null;
    const { exceptionCount } = await page(after);
    do {
      const { edges, pageInfo }: Exceptions = (await page(after)).exceptions;
      for (const { node } of edges) kinds.set(node.__typename, (kinds.get(node.__typename) ?? 0) + 1);
      after = pageInfo.hasNextPage ? (pageInfo.endCursor ?? null) : null;
    } while (after !== null);
    expect([...kinds.values()].reduce((sum, count) => sum + count)).toBe(exceptionCount);
    expect([...kinds.keys()].sort()).toEqual([
      'AmbiguousRowException',
      'AmountMismatchException',
      'ConflictingStatusException',
      'DuplicateRowException',
      'InvalidRowException',
      'MissingInFileException',
      'MissingInGatewayException',
      'StatusMismatchException',
    ]);
    await gateway.stop();
  });

  it('keeps the previous import when an import is killed', async () => {
    const imports = (state: string) =>
      postgres.query(`select i.* from reconciliation_imports i where state = '${state}'
        and exists (select from reconciliation_rows r where r.import_id = i.id)`);
    const before = await imports('CURRENT');
    const { child } = run(environment(), [
      'commands/reconcile.js',
      files.write(await sandbox.dailyFile(DAY)),
      '--date',
      DAY,
    ]);
    await until(async () => (await imports('STAGING')).length > 0);
    child.kill('SIGKILL');
    await once(child, 'close');
    expect(before).toHaveLength(1);
    expect(await imports('CURRENT')).toEqual(before);
  });

  it('finds only the conflicting statuses when the file is correct', async () => {
    const { lines, code } = await files.reconcile(await sandbox.dailyFile(DAY), '--date', DAY);
    const exceptions = lines.filter((line) => line.startsWith('EXCEPTION'));
    expect(exceptions.map((line) => fieldsIn(line).kind)).toEqual(Array(3).fill('CONFLICTING_STATUS'));
    const [, inFile, inGateway] = /Settled: (.*) in the file, (.*) in the gateway/.exec(lines.join(' ')) ?? [];
    expect(inFile).toBe(inGateway);
    expect(code).toBe(1);
    expect(lines).toContainEqual(
      expect.stringMatching(/^Changes since the previous import: rows added: \d+, rows removed: \d+\.$/),
    );
  }, 600_000);
});
