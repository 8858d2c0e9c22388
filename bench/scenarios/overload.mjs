import { MERCURIUS, POSTGRES, SQLITE } from '../contestants.mjs';
import { interleaved } from '../interleaved.mjs';
import { number, ratio, spread } from '../report.mjs';
import { median, quantile, summary } from '../statistics.mjs';
import { SAYS_HOW_LONG } from '../load/jobs.mjs';

export const title = 'Offered twice what it can do, open loop';

const CONTESTANTS = [MERCURIUS, SQLITE, POSTGRES];
const SECONDS = 5;
const FACTOR = 2;

export async function run(setup) {
  const measured = await interleaved(setup, CONTESTANTS, {
    warmUp: (server, contestant) => capacity(setup, server, contestant),
    measure: (server, contestant) => measureRound(setup, server, contestant),
  });
  const values = (contestant, field) => measured.get(contestant).map((round) => round[field]);
  const column = (contestant, field) => summary(values(contestant, field));
  const rows = CONTESTANTS.map((contestant) => [
    contestant.title,
    spread(column(contestant, 'perSecond')),
    ratio(column(contestant, 'keptUp')),
    `${number(column(contestant, 'successP99').median / 1000)} s`,
    `${number(column(contestant, 'refusedShare').median * 100)} %`,
    refusedWithin(values(contestant, 'refusedP99')),
    [...new Set(values(contestant, 'outcomes').flat())].join('; '),
  ]);
  const head = ['', 'capacity/s', 'completed ÷ capacity', 'success p99', 'refused', 'refused p99', 'how'];
  return {
    tables: [{ head, rows }],
    figures: { 5: [column(SQLITE, 'keptUp').median, ...refusals(measured.get(SQLITE))] },
  };
}

/** What a server completes in a closed loop of 64. */
async function capacity(setup, server, contestant) {
  const load = { job: 'create', concurrency: 64, durationMs: setup.ms(4_000) };
  const { completed, elapsedMs } = await setup.load(server, contestant, load);
  return (completed * 1000) / elapsedMs;
}

async function measureRound(setup, server, contestant) {
  const perSecond = await capacity(setup, server, contestant);
  const offered = FACTOR * perSecond;
  const seconds = setup.ms(SECONDS);
  const count = Math.round(offered * seconds);
  const load = { loop: 'open', job: 'create', perSecond: offered, count, mayFail: true };
  const { latencies, completedInTime } = await setup.load(server, contestant, load);
  const { success = [], ...others } = latencies;
  const refused = Object.values(others).flat();
  const helpful = Object.entries(others).filter(([outcome]) => outcome.endsWith(SAYS_HOW_LONG));
  return {
    perSecond,
    keptUp: completedInTime / seconds / perSecond,
    successP99: success.length === 0 ? Infinity : quantile(success, 0.99),
    refusedShare: refused.length / count,
    refusedP99: refused.length === 0 ? undefined : quantile(refused, 0.99),
    helpfulShare: helpful.flatMap(([, times]) => times).length / refused.length,
    outcomes: Object.keys(others),
  };
}

/** The time within which requests were refused, in seconds, and the share of refusals that say how long to wait. */
function refusals(rounds) {
  const refusing = rounds.filter(({ refusedP99 }) => refusedP99 !== undefined);
  if (refusing.length === 0) return ['none refused', 'none refused'];
  const of = (field) => median(refusing.map((round) => round[field]));
  return [of('refusedP99') / 1000, of('helpfulShare')];
}

function refusedWithin(times) {
  const known = times.filter((ms) => ms !== undefined);
  return known.length === 0 ? '' : `${number(median(known) / 1000)} s`;
}
