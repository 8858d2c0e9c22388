import { beforeEach, describe, expect, it } from '@jest/globals';
import { TestSandbox } from '../support/sandbox.js';
import type { DailyFileOptions, GivenSession } from '../support/sandbox.js';
import { withService } from '../support/services.js';
import { SandboxClient } from './sandbox-client.js';
import { parseCsv } from './parse-csv.js';

const DAY = '2026-06-04';
const HEADER =
  'Request ID,Reference ID,Amount,Currency,Customer Name,Customer Email,Status,Status Details,Created,Completed';

const sandbox = withService(new TestSandbox());
const client = new SandboxClient(sandbox);

beforeEach(() => sandbox.reset());

/** A payment created at noon in Toronto. */
function session(number: number, changes: Partial<GivenSession> = {}): GivenSession {
  return {
    requestId: `request-${number}`,
    referenceId: `LOAN-${number}`,
    amount: '125.5',
    customerName: 'Alex Tremblay',
    customerEmail: 'alex@example.com',
    status: 'Settled',
    createdAt: `${DAY}T16:00:00Z`,
    ...changes,
  };
}

async function rowsOf(date: string, options?: DailyFileOptions): Promise<Record<string, string>[]> {
  const [header = [], ...rows] = parseCsv((await sandbox.dailyFile(date, options)).toString());
  return rows.map((row) => Object.fromEntries(header.map((name, column) => [name, row[column] ?? ''])));
}

const referencesOf = async (date: string, options?: DailyFileOptions) =>
  (await rowsOf(date, options)).map((row) => row['Reference ID']);

describe('a daily file', () => {
  it('has a row for each payment that changed on that day', async () => {
    const failed = session(2, { status: 'Failed', statusDetails: 'EFT0403', changedAt: `${DAY}T17:00:00.5Z` });
    await sandbox.addSessions([session(1, { status: 'Accepted' }), failed]);
    expect((await sandbox.dailyFile(DAY)).toString().split('\r\n')).toEqual([
      HEADER,
      `request-1,LOAN-1,125.50,CAD,Alex Tremblay,alex@example.com,Accepted,,${DAY}T16:00:00.000Z,`,
      `request-2,LOAN-2,125.50,CAD,Alex Tremblay,alex@example.com,Failed,EFT0403,${DAY}T16:00:00.000Z,${DAY}T17:00:00.500Z`,
      '',
    ]);
  });

  it('has the statuses of payments that the API created', async () => {
    const { sessionId, requestId } = await client.activatedSession();
    await client.startedSession();
    await sandbox.moveTo(sessionId, 'Settled');
    const response = await client.fetch('/sandbox/reports/daily?timeZone=UTC');
    expect(response.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    const [, ...rows] = parseCsv(await response.text());
    expect(rows.map(([id, reference, , , , , status]) => [id, reference, status])).toEqual([
      [requestId, 'LOAN-1042', 'Settled'],
    ]);
  });

  it('has the last status of each payment on that day', async () => {
    await sandbox.addSessions([session(1, { changedAt: '2026-06-06T16:00:00Z' })]);
    const status = async (date: string) => (await rowsOf(date)).map((row) => row['Status']);
    expect(await status('2026-06-03')).toEqual([]);
    expect(await status(DAY)).toEqual(['Initiated']);
    expect(await status('2026-06-05')).toEqual([]);
    expect(await status('2026-06-06')).toEqual(['Settled']);
  });

  it.each([
    ['America/Toronto', '2026-06-04', '2026-06-04T04:00:00.000Z', '2026-06-05T04:00:00.000Z'],
    ['America/Toronto', '2026-03-08', '2026-03-08T05:00:00.000Z', '2026-03-09T04:00:00.000Z'],
    ['America/Toronto', '2026-11-01', '2026-11-01T04:00:00.000Z', '2026-11-02T05:00:00.000Z'],
    ['Asia/Beirut', '2026-03-29', '2026-03-28T22:00:00.000Z', '2026-03-29T21:00:00.000Z'],
    ['Pacific/Kiritimati', '2026-01-01', '2025-12-31T10:00:00.000Z', '2026-01-01T10:00:00.000Z'],
    ['Etc/GMT+12', '2026-01-01', '2026-01-01T12:00:00.000Z', '2026-01-02T12:00:00.000Z'],
  ])('covers the day of the time zone %s on %s', async (timeZone, date, from, to) => {
    const before = (time: string) => new Date(Date.parse(time) - 1).toISOString();
    const times = [before(from), from, before(to), to];
    await sandbox.addSessions(times.map((createdAt, number) => session(number, { createdAt })));
    expect(await referencesOf(date, { timeZone })).toEqual(['LOAN-1', 'LOAN-2']);
  });

  it('omits the request ids of e-mailed payments by default', async () => {
    await sandbox.addSessions([session(1), session(2, { startedBy: 'sendrequest' })]);
    const ids = async (options?: DailyFileOptions) => (await rowsOf(DAY, options)).map((row) => row['Request ID']);
    expect(await ids()).toEqual(['request-1', '']);
    expect(await ids({ emailedRequestIds: true })).toEqual(['request-1', 'request-2']);
    expect(await ids({ requestIds: false })).toEqual([undefined, undefined]);
  });

  it('has alternative column names and a byte order mark on request', async () => {
    const file = (await sandbox.dailyFile(DAY, { columns: 'alternative', bom: true })).toString();
    expect(file).toBe(
      '\uFEFFrequestId,reference_number,transaction_amount,currency_code,payer_name,payer_email,' +
        'transaction_status,status_details,created_at,completed_at\r\n',
    );
  });

  it('has only settled payments on request', async () => {
    await sandbox.addSessions([session(1), session(2, { status: 'Failed' }), session(3)]);
    expect(await referencesOf(DAY, { statuses: 'settled' })).toEqual(['LOAN-1', 'LOAN-3']);
  });

  it('has the same order of rows for the same seed', async () => {
    await sandbox.addSessions(Array.from({ length: 50 }, (_, number) => session(number)));
    const [listed, first, again, other] = await Promise.all([
      referencesOf(DAY),
      referencesOf(DAY, { order: 'shuffled', seed: 7 }),
      referencesOf(DAY, { order: 'shuffled', seed: 7 }),
      referencesOf(DAY, { order: 'shuffled', seed: 8 }),
    ]);
    expect(again).toEqual(first);
    expect(first).not.toEqual(listed);
    expect(other).not.toEqual(first);
    expect(first.sort()).toEqual(listed.sort());
  });

  it('quotes quotation marks, commas and line breaks', async () => {
    const customerName = 'Tremblay, "Alex"\r\nJr';
    await sandbox.addSessions([session(1, { customerName })]);
    expect(await rowsOf(DAY)).toMatchObject([{ 'Customer Name': customerName, Status: 'Settled' }]);
  });

  it('is rejected with a list of all problems of the query', async () => {
    const query =
      'date=2026-02-30&timeZone=Mars/Base&columns=x&bom=1&order=up&seed=-1&statuses=y&faults={"late":1}&colour=red';
    const { status, body } = await client.control(`reports/daily?${query}`);
    expect(status).toBe(400);
    const names = ['date', 'timeZone', 'columns', 'bom', 'order', 'seed', 'statuses', 'faults', 'late', 'colour'];
    for (const name of names) expect(body['detail']).toContain(name);
    expect((await client.control('reports/daily/faults?faults=none')).status).toBe(400);
  });
});

describe('a posted list of payments', () => {
  it('creates the payments with the given values', async () => {
    const [ids] = await sandbox.addSessions([
      session(1, { sessionId: 'session-1', startedBy: 'sendrequest', status: 'Frozen', statusDetails: 'X1' }),
    ]);
    expect(ids).toEqual({ sessionId: 'session-1', requestId: 'request-1' });
    const common = { requestId: 'request-1', status: 'Frozen', statusDetails: 'X1' };
    expect((await client.lookup('request-1')).body).toMatchObject({ ...common, ReferenceId: 'LOAN-1' });
    expect(await sandbox.sessions()).toMatchObject([
      { ...common, sessionId: 'session-1', amount: '125.5', userId: 'LOAN-1', startedAt: `${DAY}T16:00:00.000Z` },
    ]);
  });

  it('gets default ids and times', async () => {
    const [ids] = await sandbox.addSessions([
      { referenceId: 'R', amount: '1', customerName: 'A', customerEmail: 'a@example.com', status: 'Initiated' },
    ]);
    expect((await client.lookup(ids?.requestId ?? '')).body).toMatchObject({ status: 'Initiated' });
  });

  it('is rejected as a whole when an id is already in use', async () => {
    await sandbox.addSessions([session(1)]);
    for (const list of [
      [session(2), session(1)],
      [session(2), session(2)],
      [session(2, { sessionId: 's' }), session(3, { sessionId: 's' })],
    ]) {
      expect((await client.control('sessions', 'POST', list)).status).toBe(409);
    }
    expect(await sandbox.sessions()).toHaveLength(1);
  });

  it('is rejected with a list of its problems by index', async () => {
    const bad = { amount: '0', customerEmail: 'x', createdAt: 'now', colour: 1 };
    const early = session(2, { createdAt: `${DAY}T16:00:00Z`, changedAt: `${DAY}T15:00:00Z` });
    const { status, body } = await client.control('sessions', 'POST', [{ ...session(1), ...bad }, early]);
    expect(status).toBe(400);
    for (const place of ['0: amount', '0: customerEmail', '0: createdAt', 'colour', '1: changedAt'])
      expect(body['detail']).toContain(place);
    const { body: many } = await client.control('sessions', 'POST', Array(500).fill({}));
    expect(many['detail']).toMatch(/; and \d+ more$/);
  });

  it('may have 100,000 payments', async () => {
    await sandbox.addSessions(Array.from({ length: 100_000 }, (_, number) => session(number)));
    const file = await sandbox.dailyFile(DAY, { order: 'shuffled', faults: { missingThere: 1_000 } });
    expect(file.toString().split('\r\n')).toHaveLength(1 + 99_000 + 1);
  });
});
