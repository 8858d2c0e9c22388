import { Worker } from 'node:worker_threads';
import { Client } from './client.mjs';
import { outcomeOf, requestsOf } from './jobs.mjs';
import { Tally } from './tally.mjs';

/** So many that no request waits for a connection, or the load would no longer be offered. */
const MAX_CONNECTIONS = 10_000;
/** How long clients wait after the last request. Longer than a mutation may take. */
const TIMEOUT_MS = 30_000;

/**
 * Open loop: sends `count` requests, `perSecond` of them each second, whatever becomes of the earlier ones. A latency counts from
 * the time at which the request was due, so that a server that stalls is charged for all requests that came due meanwhile
 * (no coordinated omission). `completedInTime` are the successes before the last request would have been followed by another.
 */
export async function openLoop({ url, perSecond, count, first = 0, ...job }) {
  const client = new Client(url, MAX_CONNECTIONS);
  const request = requestsOf(job);
  const tally = new Tally();
  const lags = [];
  const responses = [];
  let lastResponseAt = 0;
  let completedInTime = 0;
  const { startedAt, forEachDue } = pacer(perSecond, count);
  const endsAt = startedAt + (count * 1000) / perSecond;
  await forEachDue((n, dueAt) => {
    lags.push(now() - dueAt);
    const response = client.send(request(first + n)).then((received) => {
      lastResponseAt = now();
      const outcome = outcomeOf(job, received);
      tally.add(outcome, lastResponseAt - dueAt, received.text);
      if (outcome === 'success' && lastResponseAt <= endsAt) completedInTime += 1;
    });
    responses.push(response);
  });
  const hangUp = setTimeout(() => client.close(), TIMEOUT_MS);
  await Promise.all(responses);
  clearTimeout(hangUp);
  await client.close();
  return { ...tally.result(), sent: count, completedInTime, lags };
}

/** Calls back for each request when it is due. A thread of its own keeps the time, since timers are late by up to 1 ms. */
function pacer(perSecond, count) {
  const startedAt = now() + 100;
  const thread = new Worker(new URL('pacer.mjs', import.meta.url), { workerData: { startedAt, perSecond, count } });
  const forEachDue = (send) =>
    new Promise((resolve, reject) => {
      let n = 0;
      thread.on('error', reject);
      thread.on('message', (due) => {
        for (; n < due; n += 1) send(n, startedAt + (n * 1000) / perSecond);
        if (n === count) resolve();
      });
    });
  return { startedAt, forEachDue };
}

/** Milliseconds by a clock that all threads share. */
function now() {
  return performance.timeOrigin + performance.now();
}
