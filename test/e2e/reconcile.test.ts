import { describe, expect, it } from '@jest/globals';
import { ReconciliationReportDocument } from '../../client/src/generated/operations.js';
import type { ReconciliationReportQuery } from '../../client/src/generated/operations.js';
import { createPaymentId } from '../../src/domain/ids.js';
import { TORONTO } from '../reconciliation/daily-files.js';
import { withSandbox } from '../support/fixture.js';
import { runToEnd } from '../support/gateway.js';
import type { TestGateway } from '../support/gateway.js';
import { CREATION, SEND, findPayment, newInput, pay, paymentIn } from '../support/payments.js';
import type { Payment } from '../support/payments.js';
import { DailyFiles } from '../support/reconcile.js';
import { SqliteFile } from '../support/sqlite-file.js';

const store = new SqliteFile();
const environment = () => ({ FLINKS_BASE_URL: sandbox.url, DATABASE_URL: store.url });
const files = new DailyFiles(environment);
const { sandbox, start } = withSandbox({ switches: { settleAfterMs: 0 }, services: [store, files] });
const today = TORONTO.dayOf(new Date());
const HEADERS = 'Reference ID,Amount,Status,Customer Email';

/** Runs a gateway only during `use`, because a SQLite database belongs to one process. */
async function withGateway<T>(use: (gateway: TestGateway) => Promise<T>): Promise<T> {
  const gateway = await start({ DATABASE_URL: store.url });
  try {
    return await use(gateway);
  } finally {
    await gateway.stop();
  }
}

const reportOf = (date = today): Promise<ReconciliationReportQuery['reconciliationReport']> =>
  withGateway(async (gateway) => {
    const { data, errors } = await gateway.run(ReconciliationReportDocument, { date, first: 100 });
    expect(errors).toBeUndefined();
    return data?.reconciliationReport ?? null;
  });

const resolve = (...args: string[]) =>
  runToEnd({ ...environment(), LOG_LEVEL: 'silent' }, ['commands/resolve.js', ...args]);

/** Settles a payment at Flinks. It is found by its payer, because all payments have the same reference. */
async function settleAtFlinks({ customer }: Payment): Promise<void> {
  const [session] = await sandbox.sessionsOf({ email: customer.email ?? '' });
  await sandbox.moveTo(session?.sessionId ?? '', 'Settled');
}

describe('the reconcile command', () => {
  it('applies status updates that no webhook or lookup reported, and balances the day', async () => {
    const payments = await withGateway(async (gateway) => {
      const linked = paymentIn(await pay(gateway, CREATION, newInput()));
      const emailed = paymentIn(await pay(gateway, SEND, newInput()));
      await sandbox.addFault({ endpoint: 'sendrequest', kind: 'cut', when: 'after-work' });
      const lost = paymentIn(await pay(gateway, SEND, newInput()));
      expect(lost.status).toBe('OUTCOME_UNKNOWN');
      return [linked, emailed, lost];
    });
    for (const payment of payments) await settleAtFlinks(payment);
    expect(await reportOf()).toBeNull();

    const { code, lines } = await files.reconcile(await sandbox.dailyFile(today), '--date', today);
    expect(lines).toEqual([
      `Day ${today}: rows: 3, matched: 0, late updates: 3, exceptions: 0.`,
      'Settled: 3 for CAD 750.30 in the file, 3 for CAD 750.30 in the gateway.',
      'The day balances.',
    ]);
    expect(code).toBe(0);
    const total = { count: 3, amount: { value: '750.30' } };
    expect(await reportOf()).toMatchObject({
      ...{
        date: today,
        isBalanced: true,
        rowCount: 3,
        lateUpdateCount: 3,
        exceptionCount: 0,
        changesSincePreviousImport: null,
      },
      ...{ settledInFile: total, settledInGateway: total, exceptions: { edges: [] } },
    });
    await withGateway(async (gateway) => {
      for (const { id } of payments) expect(await findPayment(gateway, id)).toMatchObject({ status: 'SETTLED' });
    });
  });

  it('prints the exceptions of a day without the payer, whom only the API returns', async () => {
    const file = `${HEADERS}\nLOAN-9,12.00,Settled,secret.payer@example.com\n,x,Settled,secret.payer@example.com`;
    const { code, lines } = await files.reconcile(file, '--date', '2026-06-04');
    expect(lines).toEqual([
      'EXCEPTION MISSING_IN_GATEWAY line=2 reference=LOAN-9',
      'EXCEPTION INVALID_ROW line=3 field=REFERENCE_ID',
      'Day 2026-06-04: rows: 2, matched: 0, late updates: 0, exceptions: 2.',
      '  MISSING_IN_GATEWAY: 1',
      '  INVALID_ROW: 1',
      'Settled: 1 for CAD 12.00 in the file, 0 for CAD 0.00 in the gateway.',
      'The day does not balance.',
    ]);
    expect(code).toBe(1);
    const report = await reportOf('2026-06-04');
    expect(report?.exceptions.edges.map(({ node }) => node)).toMatchObject([
      {
        __typename: 'MissingInGatewayException',
        row: { flinksPaymentRequestId: null, referenceId: 'LOAN-9', amount: { value: '12.00' }, status: 'SETTLED' },
      },
      expect.objectContaining({ __typename: 'InvalidRowException', field: 'REFERENCE_ID', paymentSession: null }),
    ]);
    await withGateway(async (gateway) => {
      const query = `{ reconciliationReport(date: "2026-06-04") { exceptions { edges { node {
        ... on MissingInGatewayException { row { customerEmail } } } } } } }`;
      expect(JSON.stringify(await gateway.post({ query }))).toContain('secret.payer@example.com');
    });
  });

  it('imports standard input, and by default the file of yesterday', async () => {
    const yesterday = TORONTO.dayBefore(today);
    const { code, lines } = await files.pipe(`${HEADERS}\n`);
    expect(lines[0]).toBe(`Day ${yesterday}: rows: 0, matched: 0, late updates: 0, exceptions: 0.`);
    expect(code).toBe(0);
  });

  it.each<[string, string[], Record<string, string>, string]>([
    ['a file that does not exist', ['none.csv'], {}, 'ENOENT'],
    ['a missing argument', [], {}, 'give one file'],
    ['two arguments', ['a.csv', 'b.csv'], {}, 'give one file'],
    ['an unknown option', ['a.csv', '--day', 'x'], {}, "Unknown option '--day'"],
    ['a day that does not exist', ['a.csv', '--date', '2026-02-30'], {}, '--date must be a day of the calendar'],
    ['a day in the future', ['a.csv', '--date', '2999-01-01'], {}, '--date must not be in the future'],
    ['an invalid configuration', ['a.csv'], { RECONCILIATION_TIME_ZONE: 'Mars' }, 'RECONCILIATION_TIME_ZONE must be'],
    ['a database that does not respond', ['a.csv'], { DATABASE_URL: 'postgres://127.0.0.1:1/x' }, 'DATABASE_URL'],
  ])('fails on %s, and says why', async (_, args, change, problem) => {
    const { code, output } = await runToEnd({ ...environment(), ...change }, ['commands/reconcile.js', ...args]);
    expect(output).toMatch(/^Not imported: /);
    expect(output).toContain(problem);
    expect(code).toBe(2);
  });

  it('does not import a file with unknown columns, and lists the columns it found', async () => {
    const { code, lines } = await files.reconcile('Total,Remark\n1,2\n', '--date', '2026-06-05');
    expect(lines).toEqual([expect.stringContaining('The file has the columns "Total", "Remark"')]);
    expect(code).toBe(2);
    expect(await reportOf('2026-06-05')).toBeNull();
  });

  it('does not open the SQLite database of a running gateway', async () => {
    await withGateway(async () => {
      const { code, lines } = await files.reconcile(`${HEADERS}\n`);
      expect(lines).toEqual([expect.stringMatching(/^Not imported: DATABASE_URL .*another process has it open/)]);
      expect(code).toBe(2);
    });
  });
});

describe('the exceptions of reconciliationReport', () => {
  it('are paginated', async () => {
    const rows = Array.from({ length: 7 }, (_, index) => `STRAY-${index},1.00,Settled,a@example.com`);
    await files.reconcile([HEADERS, ...rows].join('\n'), '--date', '2026-06-06');
    await withGateway(async (gateway) => {
      const nodes: string[] = [];
      let after: string | null = null;
      for (const [size, hasNextPage] of [
        [3, true],
        [3, true],
        [3, false],
      ] as const) {
        const response = await gateway.run(ReconciliationReportDocument, { date: '2026-06-06', first: size, after });
        const { edges, pageInfo }: Exceptions = exceptionsIn(response.data);
        nodes.push(...edges.map(({ node }) => JSON.stringify(node)));
        expect(pageInfo.hasNextPage).toBe(hasNextPage);
        after = pageInfo.endCursor ?? null;
      }
      expect(new Set(nodes).size).toBe(7);
    });
  });

  it('reject an invalid page size, cursor or date', async () => {
    await withGateway(async (gateway) => {
      const cursor = (position: unknown) => Buffer.from(JSON.stringify(position)).toString('base64url');
      const errorsOf = async (variables: object) => {
        const query = `query ($date: Date! = "2026-06-06", $first: Int! = 20, $after: String) {
          reconciliationReport(date: $date) { exceptions(first: $first, after: $after) { edges { cursor } } } }`;
        const { errors } = await gateway.post({ query, variables });
        return errors?.map(({ extensions }) => [extensions.code, extensions.inputPath]);
      };
      const badInput = (path: string) => [['BAD_USER_INPUT', [path]]];
      expect(await errorsOf({})).toBeUndefined();
      for (const first of [0, 101]) expect(await errorsOf({ first })).toEqual(badInput('first'));
      for (const position of [
        [0, 'MATCHED', 'a'.repeat(32), 1],
        [0, 'MISSING_IN_GATEWAY', 'x\0', 1],
        [0, 'MISSING_IN_GATEWAY', 'a'.repeat(32), 2 ** 31],
        [2, createPaymentId(), 2 ** 31],
        [1, 'x'],
        [2, 1.5],
        [3],
        [],
      ])
        expect(await errorsOf({ after: cursor(position) })).toEqual(badInput('after'));
      for (const date of ['2026-02-30', 'yesterday', 1]) expect(await errorsOf({ date })).toEqual(badInput('date'));
    });
  });
});

type Exceptions = NonNullable<ReconciliationReportQuery['reconciliationReport']>['exceptions'];

function exceptionsIn(data: ReconciliationReportQuery | undefined): Exceptions {
  if (data?.reconciliationReport == null) throw new Error('the day is not there');
  return data.reconciliationReport.exceptions;
}

describe('the resolve command', () => {
  it('sets the status of an OUTCOME_UNKNOWN payment once, and records who did it', async () => {
    await sandbox.addFault({ endpoint: 'sendrequest', kind: 'cut', when: 'before-work' });
    const { id } = await withGateway(async (gateway) => paymentIn(await pay(gateway, SEND, newInput())));
    const reason = ['--reason', 'Flinks support, ticket 7'];
    expect(await resolve(id, '--status', 'failed', ...reason, '--by', 'Sam')).toEqual({
      code: 0,
      output: 'The payment is now FAILED, reported by Sam.\n',
    });
    expect(await resolve(id, '--status', 'SETTLED', ...reason)).toEqual({
      code: 1,
      output: 'Nothing was resolved: the payment is FAILED; only OUTCOME_UNKNOWN payments can be resolved\n',
    });
    await withGateway(async (gateway) => {
      const query = 'query ($id: ID!) { paymentSession(id: $id) { status events { status source actor message } } }';
      const { data } = await gateway.post<{ paymentSession: unknown }>({ query, variables: { id } });
      expect(data?.paymentSession).toMatchObject({
        status: 'FAILED',
        events: [
          { status: 'CREATING' },
          { status: 'OUTCOME_UNKNOWN' },
          { status: 'FAILED', source: 'OPERATOR', actor: 'Sam', message: 'Flinks support, ticket 7' },
        ],
      });
    });
  });

  it.each([
    ['an unknown payment', ['ps_none', '--status', 'FAILED', '--reason', 'x'], 'there is no such payment'],
    [
      'a status that cannot be set by hand',
      ['ps_none', '--status', 'OUTCOME_UNKNOWN', '--reason', 'x'],
      '--status must be one of INITIATED, ',
    ],
    ['a blank reason', ['ps_none', '--status', 'FAILED', '--reason', ' '], 'give a payment, a status and a reason'],
    ['a missing payment id', ['--status', 'FAILED', '--reason', 'x'], 'give a payment, a status and a reason'],
  ])('rejects %s', async (_, args, problem) => {
    const { code, output } = await resolve(...args);
    expect(output).toContain(`Nothing was resolved: ${problem}`);
    expect(code).toBe(1);
  });
});
