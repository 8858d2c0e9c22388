import { beforeEach, describe, expect, it } from '@jest/globals';
import { TestSandbox } from '../support/sandbox.js';
import type { DailyFileFault, DailyFileOptions, GivenSession } from '../support/sandbox.js';
import { withService } from '../support/services.js';
import { parseCsv } from './parse-csv.js';

const DAY = '2026-06-04';
const FINAL_STATUSES = ['Settled', 'Failed', 'Declined', 'Cancelled', 'Expired', 'Accepted'];

const sandbox = withService(new TestSandbox());

beforeEach(async () => {
  await sandbox.reset();
  await sandbox.addSessions(Array.from({ length: 120 }, (_, number) => session(number)));
});

/** Every fifth payment was e-mailed; every sixth has the same final status. */
function session(number: number): GivenSession {
  return {
    sessionId: `session-${number}`,
    requestId: `request-${number}`,
    referenceId: `LOAN-${number}`,
    amount: `${number + 1}.00`,
    customerName: 'Alex Tremblay',
    customerEmail: 'alex@example.com',
    startedBy: number % 5 === 0 ? 'sendrequest' : 'initiate',
    status: FINAL_STATUSES[number % FINAL_STATUSES.length] ?? '',
    createdAt: `${DAY}T16:00:00Z`,
  };
}

async function fileOf(options: DailyFileOptions): Promise<{ rows: string[][]; faultReports: DailyFileFault[] }> {
  const [file, faultReports] = await Promise.all([
    sandbox.dailyFile(DAY, options),
    sandbox.dailyFileFaults(DAY, options),
  ]);
  return { rows: parseCsv(file.toString()).slice(1), faultReports };
}

async function rowsWithoutFaults(): Promise<string[][]> {
  return (await fileOf({})).rows;
}

const rowsOf = (rows: string[][], faultReport: DailyFileFault | undefined) =>
  faultReport?.rows.map((row) => rows[row - 1]) ?? [];

/** Expects that every row without a fault is also in the file without faults. */
async function expectOtherRowsUnchanged({
  rows,
  faultReports,
}: {
  rows: string[][];
  faultReports: DailyFileFault[];
}): Promise<void> {
  const faulty = new Set(faultReports.flatMap((faultReport) => faultReport.rows));
  const unchanged = new Set((await rowsWithoutFaults()).map((row) => row.join()));
  expect(rows.filter((row, index) => !faulty.has(index + 1) && !unchanged.has(row.join()))).toEqual([]);
}

describe('a daily file with seeded faults', () => {
  it('has no faults by default', async () => {
    const { rows, faultReports } = await fileOf({});
    expect(rows).toHaveLength(120);
    expect(faultReports).toEqual([]);
  });

  it.each(['listed', 'shuffled'] as const)(
    'has exactly the faults that the sandbox reports, with its rows %s',
    async (order) => {
      const faults = {
        missingThere: 2,
        missingHere: 3,
        amountDiffers: 4,
        statusDiffers: 5,
        duplicateRow: 6,
        unreadableRow: 7,
      };
      const file = await fileOf({ faults, order, seed: 42 });
      const count = (kind: string) => file.faultReports.filter((faultReport) => faultReport.kind === kind).length;
      expect(Object.fromEntries(Object.keys(faults).map((kind) => [kind, count(kind)]))).toEqual(faults);
      expect(file.rows).toHaveLength(120 - 2 + 3 + 6);
      const faulty = file.faultReports.map(({ referenceId }) => referenceId);
      expect(new Set(faulty).size).toBe(faulty.length);
      await expectOtherRowsUnchanged(file);
    },
  );

  it('lacks the rows of some payments', async () => {
    const { rows, faultReports } = await fileOf({ faults: { missingThere: 2 } });
    const omitted = faultReports.map(({ referenceId }) => referenceId);
    expect(
      (await rowsWithoutFaults()).filter((row) => !rows.some((other) => other[1] === row[1])).map((row) => row[1]),
    ).toEqual(expect.arrayContaining(omitted));
    expect(faultReports).toMatchObject([
      { rows: [], sessionId: expect.any(String), field: null },
      { rows: [], sessionId: expect.any(String), field: null },
    ]);
    expect(rows).toHaveLength(118);
  });

  it('has rows of payments that do not exist', async () => {
    const { rows, faultReports } = await fileOf({ faults: { missingHere: 1 } });
    const [[requestId, referenceId, amount, , , , status, , created] = []] = rowsOf(rows, faultReports[0]);
    expect(faultReports).toMatchObject([{ requestId, referenceId, sessionId: null }]);
    expect(requestId).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
    expect([amount, status]).toEqual([expect.stringMatching(/^\d+\.\d\d$/), 'Settled']);
    expect(created).toBe(`${DAY}T16:00:00.000Z`);
    const hidden = await fileOf({ faults: { missingHere: 1 }, requestIds: false });
    expect(hidden.faultReports).toMatchObject([{ requestId: null }]);
  });

  it('has other amounts only in rows with a request id', async () => {
    const { rows, faultReports } = await fileOf({ faults: { amountDiffers: 200 } });
    expect(faultReports).toHaveLength(96);
    for (const faultReport of faultReports) {
      const [[requestId, , amount] = []] = rowsOf(rows, faultReport);
      expect([requestId, amount]).toEqual([faultReport.requestId, faultReport.inFile]);
      expect(faultReport.expected).toBe(`${Number(faultReport.referenceId.slice(5)) + 1}.00`);
      expect(Number(faultReport.inFile)).toBeGreaterThan(Number(faultReport.expected));
    }
  });

  it('replaces final statuses by statuses of a lower rank', async () => {
    const { rows, faultReports } = await fileOf({ faults: { statusDiffers: 200 } });
    const changes = new Set(faultReports.map(({ expected, inFile }) => `${expected} ${inFile}`));
    expect([...changes].sort()).toEqual([
      'Cancelled Expired',
      'Declined Cancelled',
      'Failed Declined',
      'Settled Failed',
    ]);
    expect(faultReports).toHaveLength(80);
    for (const faultReport of faultReports) expect(rowsOf(rows, faultReport)[0]?.[6]).toBe(faultReport.inFile);
  });

  it('has rows twice', async () => {
    const { rows, faultReports } = await fileOf({ faults: { duplicateRow: 2 }, order: 'shuffled' });
    for (const faultReport of faultReports) {
      const [first, second, ...others] = rowsOf(rows, faultReport);
      expect(second).toEqual(first);
      expect([first?.[1], others]).toEqual([faultReport.referenceId, []]);
    }
    expect(faultReports).toHaveLength(2);
  });

  it('has rows that are unreadable in two ways', async () => {
    const { rows, faultReports } = await fileOf({ faults: { unreadableRow: 2 } });
    const [[wrong = []], [short = []]] = faultReports.map((faultReport) => rowsOf(rows, faultReport)) as [
      string[][],
      string[][],
    ];
    expect([wrong[2], wrong.length, short.length]).toEqual(['12,3x', 10, 4]);
  });

  it('has the same faults for the same seed, and others for another one', async () => {
    const faults = { missingThere: 3, amountDiffers: 3, missingHere: 3 };
    const ids = async (options: DailyFileOptions) =>
      (await sandbox.dailyFileFaults(DAY, { faults, ...options })).map(({ referenceId }) => referenceId);
    const first = await ids({ seed: 1 });
    expect(await ids({ seed: 1, order: 'shuffled' })).toEqual(first);
    expect(await ids({ seed: 2 })).not.toEqual(first);
  });
});

describe('payments that differ only in their request ids', () => {
  const twins = (number: number, startedBy: 'initiate' | 'sendrequest') =>
    ['a', 'b'].map((name) => ({
      ...session(number),
      sessionId: `${name}-${number}`,
      requestId: `${name}-${number}`,
      startedBy,
    }));

  it('become ambiguous when the file omits the request ids of as many as requested', async () => {
    await sandbox.addSessions([...twins(1_000, 'initiate'), ...twins(1_001, 'initiate')]);
    expect(await sandbox.dailyFileFaults(DAY)).toEqual([]);
    const { rows, faultReports } = await fileOf({ faults: { ambiguous: 1 } });
    expect(faultReports.map(({ kind }) => kind)).toEqual(['ambiguous', 'ambiguous']);
    expect(new Set(faultReports.map(({ referenceId }) => referenceId)).size).toBe(1);
    for (const faultReport of faultReports)
      expect(rowsOf(rows, faultReport)[0]?.slice(0, 2)).toEqual(['', faultReport.referenceId]);
    expect((await fileOf({ faults: { ambiguous: 9 } })).faultReports).toHaveLength(4);
  });

  it('are always ambiguous when they were e-mailed', async () => {
    await sandbox.addSessions(twins(1_000, 'sendrequest'));
    const { rows, faultReports } = await fileOf({ faults: { missingThere: 120 } });
    expect(rows).toHaveLength(2);
    expect(faultReports.filter(({ kind }) => kind === 'ambiguous')).toMatchObject([
      { rows: [1], requestId: 'a-1000', sessionId: 'a-1000' },
      { rows: [2], requestId: 'b-1000', sessionId: 'b-1000' },
    ]);
  });
});
