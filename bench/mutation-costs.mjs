import { MERCURIUS, PEERS, POSTGRES, PRODUCTS } from './contestants.mjs';
import { interleaved } from './interleaved.mjs';
import { cpuMs, cpuOfTreeMs, memoryMiB } from './measure/process.mjs';
import { number, ratio, spread } from './report.mjs';
import { ratios, summary } from './statistics.mjs';

const WARM_UP_MS = 4_000;
const SETTLE_MS = 300;
const ROUND_MS = 2_500;

/** Measures a mutation in a closed loop of 16: every peer, and this project with both databases and one and 50 callers. */
export async function mutationCosts(setup, job) {
  const contestants = [...PEERS, ...PRODUCTS];
  const measured = await interleaved(setup, contestants, {
    warmUp: (server, contestant) => setup.load(server, contestant, { job, durationMs: setup.ms(WARM_UP_MS) }),
    measure: async (server, contestant) => {
      await setup.load(server, contestant, { job, durationMs: setup.ms(SETTLE_MS) });
      return measureRound(setup, server, contestant, job);
    },
  });
  const cpu = (id) => measured.get(id).map(({ cpuUs }) => cpuUs);
  const compared = (id) => ratios(cpu(id), cpu(MERCURIUS.id));
  return { table: table(contestants, measured, compared), compared };
}

async function measureRound(setup, server, contestant, job) {
  await setup.takeCalls();
  const isPostgres = contestant.id.startsWith(POSTGRES.id);
  const before = { server: cpuMs(server.pid), database: isPostgres ? cpuOfTreeMs(setup.postgresPid) : 0 };
  const { completed, elapsedMs } = await setup.load(server, contestant, { job, durationMs: setup.ms(ROUND_MS) });
  const database = isPostgres ? cpuOfTreeMs(setup.postgresPid) - before.database : 0;
  const calls = await setup.takeCalls();
  return {
    cpuUs: ((cpuMs(server.pid) - before.server) * 1000) / completed,
    databaseUs: (database * 1000) / completed,
    perSecond: (completed * 1000) / elapsedMs,
    peakMiB: memoryMiB(server.pid).peak,
    authorizes: ((calls.authorize ?? 0) * 1000) / completed,
  };
}

function table(contestants, measured, compared) {
  const column = (id, field) => summary(measured.get(id).map((round) => round[field]));
  return {
    head: [
      '',
      'CPU per request',
      '÷ Mercurius',
      'CPU of the database',
      'requests/s',
      'peak memory',
      'authorize calls per 1,000',
    ],
    rows: contestants.map(({ id, title }) => [
      title,
      spread(column(id, 'cpuUs'), 'µs'),
      ratio(compared(id)),
      id.startsWith(POSTGRES.id) ? spread(column(id, 'databaseUs'), 'µs') : '',
      spread(column(id, 'perSecond')),
      `${number(column(id, 'peakMiB').most)} MiB`,
      number(column(id, 'authorizes').median),
    ]),
  };
}
