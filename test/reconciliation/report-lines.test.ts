import { describe, expect, it } from '@jest/globals';
import { Sensitive } from '../../src/domain/sensitive.js';
import { ProgressBar } from '../../src/reconciliation/command/progress-bar.js';
import { exceptionLine, summaryLines } from '../../src/reconciliation/command/reconcile-command.js';
import { settled } from './daily-files.js';

const row = {
  line: 7,
  unreadable: undefined,
  paymentRequestId: 'r-1',
  referenceId: 'LOAN 1042 "\n',
  amountMinor: 100,
  status: 'SETTLED',
  statusDetails: undefined,
  payer: { name: new Sensitive('Alex Tremblay'), email: new Sensitive('alex@example.com') },
  createdAt: undefined,
} as const;

describe('the printed report of a day', () => {
  it('describes an exception of a row in one line', () => {
    const differs = { field: 'AMOUNT', recordedValue: '2.00', reportedValue: '1.00' } as const;
    const line = exceptionLine({ kind: 'AMOUNT_MISMATCH', key: [0], paymentId: 'ps_1', row, ...differs }, undefined);
    expect(line).toBe(
      String.raw`EXCEPTION AMOUNT_MISMATCH line=7 paymentId=ps_1 reference="LOAN 1042 \"\n" paymentRequestId=r-1 field=AMOUNT recordedValue=2.00 reportedValue=1.00`,
    );
  });

  it('identifies a payment without a row by its ids', () => {
    const nothing = { field: undefined, recordedValue: undefined, reportedValue: undefined };
    const payment = settled('one', { id: 'ps_1' });
    const line = exceptionLine({ kind: 'MISSING_IN_FILE', key: [1], paymentId: 'ps_1', ...nothing }, payment);
    expect(line).toBe('EXCEPTION MISSING_IN_FILE paymentId=ps_1 reference=one paymentRequestId=request-one');
  });

  it('summarizes the day', () => {
    const total = { count: 2, amountMinor: 123 };
    const day = {
      day: '2026-06-04',
      importedAt: new Date(),
      rowCount: 3,
      matchedCount: 1,
      lateUpdateCount: 1,
      exceptionCount: 0,
    };
    const whole = {
      ...day,
      settledInFile: total,
      settledInGateway: total,
      changesSincePreviousImport: { rowsAdded: 1, rowsRemoved: 2 },
    };
    expect(summaryLines(whole, new Map())).toEqual([
      'Day 2026-06-04: rows: 3, matched: 1, late updates: 1, exceptions: 0.',
      'Changes since the previous import: rows added: 1, rows removed: 2.',
      'Settled: 2 for CAD 1.23 in the file, 2 for CAD 1.23 in the gateway.',
      'The day balances.',
    ]);
    const short = { ...whole, settledInGateway: { count: 1, amountMinor: 123 }, changesSincePreviousImport: undefined };
    expect(summaryLines({ ...short, exceptionCount: 1 }, new Map([['MISSING_IN_GATEWAY', 1]]))).toEqual([
      'Day 2026-06-04: rows: 3, matched: 1, late updates: 1, exceptions: 1.',
      '  MISSING_IN_GATEWAY: 1',
      'Settled: 2 for CAD 1.23 in the file, 1 for CAD 1.23 in the gateway.',
      'The day does not balance.',
    ]);
  });
});

describe('the progress bar', () => {
  it('shows the progress, the rate and the remaining time', () => {
    let nowMs = 0;
    const written: string[] = [];
    const bar = new ProgressBar({ write: (text: string) => written.push(text) }, () => nowMs);
    nowMs = 10_000;
    bar.show('Reading', 25_000, 0.25);
    bar.show('Reading', 25_500, 0.255);
    nowMs = 40_000;
    bar.show('Judging', 100_000, undefined);
    bar.end();
    expect(written).toEqual([
      '\r\x1b[KReading  [======                  ] 25 %  25,000 rows  2,500 rows/s  0:30 left',
      '\r\x1b[KJudging  100,000 rows  2,500 rows/s',
      '\r\x1b[K',
    ]);
  });
});
