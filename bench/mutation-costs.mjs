import { MERCURIUS, PEERS, PRODUCTS } from './contestants.mjs';
import { interleaved } from './interleaved.mjs';
import { cpuMs, cpuOfTreeMs, memoryMiB } from './measure/process.mjs';
import { number, ratio, spread } from './report.mjs';
import { ratios, summary } from './statistics.mjs';

const WARM_UP_MS = 4_000;
const SETTLE_MS = 300;
const ROUND_MS = 2_500;
const CONTESTANTS = [...PEERS, ...PRODUCTS];

/** Measures a mutation in a closed loop of 16: every peer, and this project with both databases and one and 50 clients. */
export async function mutationCosts(setup, job) {
  const authorizes = new Map(CONTESTANTS.map((contestant) => [contestant, { calls: 0, payments: 0 }]));
  const load = async (server, contestant, ms) => {
    await setup.takeCalls();
    const result = await setup.load(server, contestant, { job, durationMs: setup.ms(ms) });
    const { authorize = 0 } = await setup.takeCalls();
    authorizes.get(contestant).calls += authorize;
    authorizes.get(contestant).payments += result.completed;
    return result;
  };
  const measured = await interleaved(setup, CONTESTANTS, {
    warmUp: (server, contestant) => load(server, contestant, WARM_UP_MS),
    measure: async (server, contestant) => {
      await load(server, contestant, SETTLE_MS);
      return measureRound(setup, server, contestant, () => load(server, contestant, ROUND_MS));
    },
  });
  const cpu = (contestant) => measured.get(contestant).map(({ cpuUs }) => cpuUs);
  const compared = (contestant) => ratios(cpu(contestant), cpu(MERCURIUS));
  return { table: table(measured, compared, authorizes), compared };
}

async function measureRound(setup, server, { isPostgres }, load) {
  const times = () => ({ server: cpuMs(server.pid), database: isPostgres ? cpuOfTreeMs(setup.postgresPid) : 0 });
  const before = times();
  const { completed, elapsedMs } = await load();
  const after = times();
  return {
    cpuUs: ((after.server - before.server) * 1000) / completed,
    databaseUs: ((after.database - before.database) * 1000) / completed,
    perSecond: (completed * 1000) / elapsedMs,
    peakMiB: memoryMiB(server.pid).peak,
  };
}

function table(measured, compared, authorizes) {
  const column = (contestant, field) => summary(measured.get(contestant).map((round) => round[field]));
  const perThousand = ({ calls, payments }) => number((calls * 1000) / payments);
  return {
    head: [
      '',
      'CPU per request',
      '÷ Mercurius',
      'CPU of the database',
      'requests/s',
      'peak memory',
      'authorize per 1,000',
    ],
    rows: CONTESTANTS.map((contestant) => [
      contestant.title,
      spread(column(contestant, 'cpuUs'), 'µs'),
      ratio(compared(contestant)),
      contestant.isPostgres ? spread(column(contestant, 'databaseUs'), 'µs') : '',
      spread(column(contestant, 'perSecond')),
      `${number(column(contestant, 'peakMiB').max)} MiB`,
      perThousand(authorizes.get(contestant)),
    ]),
  };
}
