import { beforeEach, describe, expect, it } from '@jest/globals';
import { withSandbox } from '../support/fixture.js';
import { type DailyAnswer, type DailyOptions, type GivenSession } from '../support/sandbox.js';
import { parseCsv } from './parse-csv.js';

const DAY = '2026-06-04';
const ENDINGS = ['Settled', 'Failed', 'Declined', 'Cancelled', 'Expired', 'Accepted'];

const { sandbox } = withSandbox();

beforeEach(async () => {
  await sandbox.reset();
  await sandbox.addSessions(Array.from({ length: 120 }, (_, number) => given(number)));
});

/** Every fifth payment was e-mailed; each sixth has the same ending. */
function given(number: number): GivenSession {
  return {
    sessionId: `session-${number}`,
    requestId: `request-${number}`,
    referenceId: `LOAN-${number}`,
    amount: `${number + 1}.00`,
    customerName: 'Alex Tremblay',
    customerEmail: 'alex@example.com',
    startedBy: number % 5 === 0 ? 'sendrequest' : 'initiate',
    status: ENDINGS[number % ENDINGS.length] ?? '',
    createdAt: `${DAY}T16:00:00Z`,
  };
}

async function fileOf(options: DailyOptions): Promise<{ rows: string[][]; answers: DailyAnswer[] }> {
  const [file, answers] = await Promise.all([sandbox.dailyFile(DAY, options), sandbox.dailyAnswers(DAY, options)]);
  return { rows: parseCsv(file.toString()).slice(1), answers };
}

async function soundRows(): Promise<string[][]> {
  return (await fileOf({})).rows;
}

const rowsOf = (rows: string[][], answer: DailyAnswer | undefined) => answer?.rows.map((row) => rows[row - 1]) ?? [];

/** Every row without a fault is one of the file without faults. */
async function expectOthersSound({ rows, answers }: { rows: string[][]; answers: DailyAnswer[] }): Promise<void> {
  const faulty = new Set(answers.flatMap((answer) => answer.rows));
  const sound = new Set((await soundRows()).map((row) => row.join()));
  expect(rows.filter((row, index) => !faulty.has(index + 1) && !sound.has(row.join()))).toEqual([]);
}

describe('a seeded daily file', () => {
  it('has no faults unless asked for', async () => {
    const { rows, answers } = await fileOf({});
    expect(rows).toHaveLength(120);
    expect(answers).toEqual([]);
  });

  it.each(['listed', 'shuffled'] as const)('has each fault that its answers name when %s', async (order) => {
    const faults = {
      missingThere: 2,
      missingHere: 3,
      amountDiffers: 4,
      statusDiffers: 5,
      duplicateRow: 6,
      unreadableRow: 7,
    };
    const file = await fileOf({ faults, order, seed: 42 });
    const count = (kind: string) => file.answers.filter((answer) => answer.kind === kind).length;
    expect(Object.fromEntries(Object.keys(faults).map((kind) => [kind, count(kind)]))).toEqual(faults);
    expect(file.rows).toHaveLength(120 - 2 + 3 + 6);
    const faulty = file.answers.map(({ referenceId }) => referenceId);
    expect(new Set(faulty).size).toBe(faulty.length);
    await expectOthersSound(file);
  });

  it('leaves payments out', async () => {
    const { rows, answers } = await fileOf({ faults: { missingThere: 2 } });
    const left = answers.map(({ referenceId }) => referenceId);
    expect(
      (await soundRows()).filter((row) => !rows.some((other) => other[1] === row[1])).map((row) => row[1]),
    ).toEqual(expect.arrayContaining(left));
    expect(answers).toMatchObject([
      { rows: [], sessionId: expect.any(String), field: null },
      { rows: [], sessionId: expect.any(String), field: null },
    ]);
    expect(rows).toHaveLength(118);
  });

  it('names payments that nobody asked for', async () => {
    const { rows, answers } = await fileOf({ faults: { missingHere: 1 } });
    const [[requestId, referenceId, amount, , , , status, , created] = []] = rowsOf(rows, answers[0]);
    expect(answers).toMatchObject([{ requestId, referenceId, sessionId: null }]);
    expect(requestId).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
    expect([amount, status]).toEqual([expect.stringMatching(/^\d+\.\d\d$/), 'Settled']);
    expect(created).toBe(`${DAY}T16:00:00.000Z`);
    const hidden = await fileOf({ faults: { missingHere: 1 }, requestIds: false });
    expect(hidden.answers).toMatchObject([{ requestId: null }]);
  });

  it('tells other amounts where a request id names the payment', async () => {
    const { rows, answers } = await fileOf({ faults: { amountDiffers: 200 } });
    expect(answers).toHaveLength(96);
    for (const answer of answers) {
      const [[requestId, , amount] = []] = rowsOf(rows, answer);
      expect([requestId, amount]).toEqual([answer.requestId, answer.inFile]);
      expect(answer.expected).toBe(`${Number(answer.referenceId.slice(5)) + 1}.00`);
      expect(Number(answer.inFile)).toBeGreaterThan(Number(answer.expected));
    }
  });

  it('contradicts endings with words of a lower rank', async () => {
    const { rows, answers } = await fileOf({ faults: { statusDiffers: 200 } });
    const words = new Set(answers.map(({ expected, inFile }) => `${expected} ${inFile}`));
    expect([...words].sort()).toEqual(['Cancelled Expired', 'Declined Cancelled', 'Failed Declined', 'Settled Failed']);
    expect(answers).toHaveLength(80);
    for (const answer of answers) expect(rowsOf(rows, answer)[0]?.[6]).toBe(answer.inFile);
  });

  it('doubles rows', async () => {
    const { rows, answers } = await fileOf({ faults: { duplicateRow: 2 }, order: 'shuffled' });
    for (const answer of answers) {
      const [first, second, ...others] = rowsOf(rows, answer);
      expect(second).toEqual(first);
      expect([first?.[1], others]).toEqual([answer.referenceId, []]);
    }
    expect(answers).toHaveLength(2);
  });

  it('makes rows unreadable in two ways', async () => {
    const { rows, answers } = await fileOf({ faults: { unreadableRow: 2 } });
    const [[wrong = []], [short = []]] = answers.map((answer) => rowsOf(rows, answer)) as [string[][], string[][]];
    expect([wrong[2], wrong.length, short.length]).toEqual(['12,3x', 10, 4]);
  });

  it('finds the same faults for a seed, and others for another', async () => {
    const faults = { missingThere: 3, amountDiffers: 3, missingHere: 3 };
    const ids = async (options: DailyOptions) =>
      (await sandbox.dailyAnswers(DAY, { faults, ...options })).map(({ referenceId }) => referenceId);
    const first = await ids({ seed: 1 });
    expect(await ids({ seed: 1, order: 'shuffled' })).toEqual(first);
    expect(await ids({ seed: 2 })).not.toEqual(first);
  });
});

describe('payments that only their request id tells apart', () => {
  const twins = (number: number, startedBy: 'initiate' | 'sendrequest') =>
    ['a', 'b'].map((name) => ({
      ...given(number),
      sessionId: `${name}-${number}`,
      requestId: `${name}-${number}`,
      startedBy,
    }));

  it('lose it as many as asked for', async () => {
    await sandbox.addSessions([...twins(1_000, 'initiate'), ...twins(1_001, 'initiate')]);
    expect(await sandbox.dailyAnswers(DAY)).toEqual([]);
    const { rows, answers } = await fileOf({ faults: { ambiguous: 1 } });
    expect(answers.map(({ kind }) => kind)).toEqual(['ambiguous', 'ambiguous']);
    expect(new Set(answers.map(({ referenceId }) => referenceId)).size).toBe(1);
    for (const answer of answers) expect(rowsOf(rows, answer)[0]?.slice(0, 2)).toEqual(['', answer.referenceId]);
    expect((await fileOf({ faults: { ambiguous: 9 } })).answers).toHaveLength(4);
  });

  it('are ambiguous by themselves when e-mailed', async () => {
    await sandbox.addSessions(twins(1_000, 'sendrequest'));
    const { rows, answers } = await fileOf({ faults: { missingThere: 120 } });
    expect(rows).toHaveLength(2);
    expect(answers.filter(({ kind }) => kind === 'ambiguous')).toMatchObject([
      { rows: [1], requestId: 'a-1000', sessionId: 'a-1000' },
      { rows: [2], requestId: 'b-1000', sessionId: 'b-1000' },
    ]);
  });
});
