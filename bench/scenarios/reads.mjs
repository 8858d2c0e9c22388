import { copyFileSync } from 'node:fs';
import { peer, product } from '../contestants.mjs';
import { existingPayments } from '../existing-payments.mjs';
import { interleaved } from '../interleaved.mjs';
import { cpuMs } from '../measure/process.mjs';
import { number, spread } from '../report.mjs';
import { ratios, summary } from '../statistics.mjs';

export const title = 'Reads and replays, every field of the payment, closed loop of 16';

const JOBS = {
  get: '`paymentSession(id)`',
  page: '`paymentSessions`, a page of 20',
  entities50: '`_entities` of 50',
  replay: '`createPaymentSession`, a known key',
};

export async function run(setup) {
  const sqlite = await existingPayments(setup, 'SQLite');
  const postgres = await existingPayments(setup, 'PostgreSQL');
  const plain = fastifyWithSql(sqlite);
  const [sqliteGet, ...others] = [...jobsOf('SQLite', sqlite), ...jobsOf('PostgreSQL', postgres)];
  const contestants = [plain, sqliteGet, ...others];
  const measured = await interleaved(setup, contestants, {
    warmUp: (server, contestant) => setup.load(server, contestant, { durationMs: setup.ms(3_000) }),
    measure: (server, contestant) => measureRound(setup, server, contestant),
  });
  const cpu = (contestant) => measured.get(contestant).map(({ cpuUs }) => cpuUs);
  const column = (contestant, field) => summary(measured.get(contestant).map((round) => round[field]));
  const rows = contestants.map((contestant) => [
    contestant.title,
    spread(column(contestant, 'cpuUs'), 'µs'),
    spread(column(contestant, 'perSecond')),
    `${number(column(contestant, 'p50').median)} ms`,
  ]);
  return {
    tables: [{ head: ['', 'CPU per request', 'requests/s', 'p50'], rows }],
    figures: { 6: [ratios(cpu(sqliteGet), cpu(plain)).median] },
  };
}

async function measureRound(setup, server, contestant) {
  const before = cpuMs(server.pid);
  const { completed, elapsedMs, latencies } = await setup.load(server, contestant, { durationMs: setup.ms(2_000) });
  return {
    cpuUs: ((cpuMs(server.pid) - before) * 1000) / completed,
    perSecond: (completed * 1000) / elapsedMs,
    p50: summary(latencies.success).median,
  };
}

function jobsOf(kind, { databaseUrl, ids, replay }) {
  const contestant = product(kind, { databaseUrl });
  return Object.entries(JOBS).map(([job, title]) => ({
    ...contestant,
    title: `${title}, ${kind}`,
    load: { job, ids, ...(job === 'replay' && replay) },
  }));
}

/** It reads a copy of the database, because the file belongs to the gateway while that runs. */
function fastifyWithSql({ databaseUrl, ids }) {
  const file = databaseUrl.slice('sqlite:'.length);
  const copy = `${file}.copy`;
  copyFileSync(file, copy);
  return peer('fastify-sql', 'Fastify and the SQL read of a payment, no GraphQL', 'fastify-sql', {
    load: { rest: true, job: 'get', ids },
    environment: () => ({ DATABASE_FILE: copy }),
  });
}
