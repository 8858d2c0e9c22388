import { setTimeout as delay } from 'node:timers/promises';
import { product } from '../contestants.mjs';
import { Helper } from '../programs.mjs';
import { number } from '../report.mjs';

export const title = 'Round trips to PostgreSQL, limits on, one client';

const JOBS = {
  create: '`createPaymentSession`',
  send: '`sendPaymentRequest`',
  replay: '`createPaymentSession`, a known key',
  get: '`paymentSession(id)`',
  page: '`paymentSessions`, a page of 20',
  entities50: '`_entities` of 50',
};
const CONCURRENCY = [1, 64];
const IDLE_MS = 3_000;

export async function run(setup) {
  const postgres = await setup.postgres();
  const proxy = await Helper.start('measure/counting-proxy.mjs', { POSTGRES_PORT: String(postgres.port) });
  try {
    const contestant = product('PostgreSQL', { databaseUrl: await postgres.createDatabase(proxy.started) });
    const server = await setup.start(contestant.server);
    const count = setup.quick ? 25 : 500;
    const known = { prefix: 'known', known: count };
    const { ids } = await setup.load(server, contestant, { job: 'create', count, collect: true, ...known });
    const idlePerMs = await measureIdle(setup, proxy);
    const perCall = async (job, concurrency) => {
      await proxy.ask('start');
      const load = { job, concurrency, count, ids, ...(job === 'replay' && known) };
      const { elapsedMs } = await setup.load(server, contestant, load);
      return ((await proxy.ask('stop')) - idlePerMs * elapsedMs) / count;
    };
    return await table(perCall);
  } finally {
    await setup.stopServers();
    await proxy.stop();
  }
}

/** What background jobs do while there is no load. */
async function measureIdle(setup, proxy) {
  await proxy.ask('start');
  await delay(setup.ms(IDLE_MS));
  return (await proxy.ask('stop')) / setup.ms(IDLE_MS);
}

async function table(perCall) {
  const figures = [];
  const rows = [];
  for (const [job, text] of Object.entries(JOBS)) {
    const measured = [];
    for (const concurrency of CONCURRENCY) measured.push(await perCall(job, concurrency));
    rows.push([text, ...measured.map((trips) => number(trips))]);
    if (rows.length <= 3) figures.push(Math.round(measured[0] * 10) / 10);
  }
  return { tables: [{ head: ['', 'one call at a time', 'each of 64 at a time'], rows }], figures: { 10: figures } };
}
