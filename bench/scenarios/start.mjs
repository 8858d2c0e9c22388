import { PEERS, product } from '../contestants.mjs';
import { existingPayments } from '../existing-payments.mjs';
import { memoryMiB } from '../measure/process.mjs';
import { spread } from '../report.mjs';
import { summary } from '../statistics.mjs';

export const title = 'Start to ready; memory then, and peak after five seconds in a closed loop of 64';

const KINDS = ['SQLite', 'PostgreSQL'];

export async function run(setup) {
  const products = [];
  for (const kind of KINDS) products.push(await onExistingDatabase(setup, kind));
  const contestants = setup.quick ? products : [...PEERS, ...products];
  const measured = new Map(contestants.map((contestant) => [contestant, []]));
  for (let round = 0; round < setup.rounds; round += 1)
    for (const contestant of contestants) measured.get(contestant).push(await measureRound(setup, contestant));
  const column = (contestant, field) => summary(measured.get(contestant).map((round) => round[field]));
  const rows = contestants.map((contestant) => [
    contestant.title,
    spread(column(contestant, 'startSeconds'), 's'),
    spread(column(contestant, 'readyMiB'), 'MiB'),
    spread(column(contestant, 'peakMiB'), 'MiB'),
  ]);
  const sqlite = ['startSeconds', 'readyMiB', 'peakMiB'].map((field) => column(products[0], field).median);
  return {
    tables: [{ head: ['', 'start to ready', 'memory then', 'peak'], rows }],
    figures: { 8: sqlite },
  };
}

async function onExistingDatabase(setup, kind) {
  const { databaseUrl } = await existingPayments(setup, kind);
  return product(kind, { databaseUrl });
}

async function measureRound(setup, contestant) {
  const server = await setup.start(contestant.server);
  const readyMiB = memoryMiB(server.pid).now;
  await setup.load(server, contestant, { job: 'create', concurrency: 64, durationMs: setup.ms(5_000) });
  const peakMiB = memoryMiB(server.pid).peak;
  await server.stop();
  return { startSeconds: server.startMs / 1000, readyMiB, peakMiB };
}
