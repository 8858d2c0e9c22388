import { MERCURIUS, PEERS, POSTGRES, SQLITE } from '../contestants.mjs';
import { interleaved } from '../interleaved.mjs';
import { number, spread } from '../report.mjs';
import { quantile, ratios, summary } from '../statistics.mjs';

export const title = 'Latency that a creation adds to its two calls of 50 ms, open loop of 200/s';

const UPSTREAM_MS = 50;
const CALLS = 2;
const SECONDS = 5;
const CONTESTANTS = [...PEERS, SQLITE, POSTGRES];

export async function run(setup) {
  // A quick run is not to depend on how fast the machine is.
  const perSecond = setup.quick ? 20 : 200;
  const count = setup.quick ? 20 : perSecond * SECONDS;
  const measured = await interleaved(setup, CONTESTANTS, {
    warmUp: async (server, contestant) => {
      await setup.takeCalls();
      await setup.load(server, contestant, { job: 'create', durationMs: setup.ms(4_000) });
    },
    measure: async (server, contestant) => {
      await setup.takeCalls(UPSTREAM_MS);
      const load = { loop: 'open', job: 'create', perSecond, count, mayFail: !setup.quick };
      return added(await setup.load(server, contestant, load), count);
    },
  });
  const column = (contestant, field) => measured.get(contestant).map((round) => round[field]);
  const compared = (contestant, field) => ratios(column(contestant, field), column(MERCURIUS, field)).median;
  const lags = CONTESTANTS.flatMap((contestant) => column(contestant, 'lag'));
  return {
    tables: [table(measured, column, compared)],
    notes: [`The load generator sent 99 of 100 requests within ${number(Math.max(...lags))} ms of when they were due.`],
    figures: { 4: [compared(SQLITE, 'p50'), compared(SQLITE, 'p99')] },
  };
}

function added({ latencies, lags, completed }, count) {
  const all = Object.values(latencies)
    .flat()
    .map((ms) => ms - CALLS * UPSTREAM_MS);
  return {
    all,
    p50: quantile(all, 0.5),
    p99: quantile(all, 0.99),
    failed: count - completed,
    lag: quantile(lags, 0.99),
  };
}

/** The 99.9th percentile is that of all rounds together, since one round has too few requests for it. */
function table(measured, column, compared) {
  return {
    head: ['', 'p50', '÷ Mercurius', 'p99', '÷ Mercurius', 'p99.9', 'not a success'],
    rows: [...measured.keys()].map((contestant) => [
      contestant.title,
      spread(summary(column(contestant, 'p50')), 'ms'),
      number(compared(contestant, 'p50')),
      spread(summary(column(contestant, 'p99')), 'ms'),
      number(compared(contestant, 'p99')),
      `${number(quantile(column(contestant, 'all').flat(), 0.999))} ms`,
      number(column(contestant, 'failed').reduce((sum, count) => sum + count)),
    ]),
  };
}
