import { POSTGRES, POSTGRES_50, SQLITE, SQLITE_50 } from '../contestants.mjs';
import { interleaved } from '../interleaved.mjs';
import { cpuMs, memoryMiB } from '../measure/process.mjs';
import { number, spread } from '../report.mjs';
import { summary } from '../statistics.mjs';

export const title = 'Durable creations, closed loop of 64, database and load on the same cores';

const CONCURRENCY = 64;
const CONTESTANTS = [SQLITE, SQLITE_50, POSTGRES, POSTGRES_50];

export async function run(setup) {
  const measured = await interleaved(setup, CONTESTANTS, {
    warmUp: (server, contestant) => saturate(setup, server, contestant, 4_000),
    measure: async (server, contestant) => {
      const before = cpuMs(server.pid);
      const { completed, elapsedMs } = await saturate(setup, server, contestant, 4_000);
      return {
        perSecond: (completed * 1000) / elapsedMs,
        busy: (cpuMs(server.pid) - before) / elapsedMs,
        peakMiB: memoryMiB(server.pid).peak,
      };
    },
  });
  const column = (contestant, field) => summary(measured.get(contestant).map((round) => round[field]));
  const rows = CONTESTANTS.map((contestant) => [
    contestant.title,
    spread(column(contestant, 'perSecond')),
    `${number(column(contestant, 'busy').median * 100)} %`,
    `${number(column(contestant, 'peakMiB').max)} MiB`,
  ]);
  return {
    tables: [{ head: ['', 'creations/s', 'CPU of the server', 'peak memory'], rows }],
    figures: { 3: [SQLITE, POSTGRES].map((contestant) => column(contestant, 'perSecond').median) },
  };
}

function saturate(setup, server, contestant, ms) {
  return setup.load(server, contestant, { job: 'create', concurrency: CONCURRENCY, durationMs: setup.ms(ms) });
}
