import { product } from '../contestants.mjs';
import { existingPayments } from '../existing-payments.mjs';
import { number, spread } from '../report.mjs';
import { quantile, summary } from '../statistics.mjs';

export const title = '`_entities` of 500, one request at a time, on a database with 1,000 payments';

const KINDS = ['SQLite', 'PostgreSQL'];

export async function run(setup) {
  const contestants = new Map();
  for (const kind of KINDS) contestants.set(kind, await contestantOf(setup, kind));
  const measured = new Map(KINDS.map((kind) => [kind, []]));
  for (let round = 0; round < setup.rounds; round += 1)
    for (const kind of KINDS) measured.get(kind).push(await measureRound(setup, contestants.get(kind)));
  const column = (kind, field) => summary(measured.get(kind).map((round) => round[field]));
  const rows = KINDS.map((kind) => [
    `this project, ${kind}`,
    spread(column(kind, 'first'), 'ms'),
    spread(column(kind, 'warm'), 'ms'),
    `${number(column(kind, 'p99').median)} ms`,
  ]);
  const sqlite = ['warm', 'first'].map((field) => column('SQLite', field).median);
  return {
    tables: [{ head: ['', 'first request of the process', 'warm, p50', 'warm, p99'], rows }],
    figures: { 7: sqlite },
  };
}

async function contestantOf(setup, kind) {
  const { databaseUrl, ids } = await existingPayments(setup, kind);
  return { ...product(kind, { databaseUrl }), load: { job: 'entities500', ids, concurrency: 1 } };
}

async function measureRound(setup, contestant) {
  const server = await setup.start(contestant.server);
  const first = await setup.load(server, contestant, { count: 1 });
  await setup.load(server, contestant, { count: setup.quick ? 1 : 30 });
  const warm = await setup.load(server, contestant, { count: setup.quick ? 2 : 60 });
  await server.stop();
  return {
    first: first.latencies.success[0],
    warm: quantile(warm.latencies.success, 0.5),
    p99: quantile(warm.latencies.success, 0.99),
  };
}
