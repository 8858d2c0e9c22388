import { Client } from './client.mjs';
import { outcomeOf, requestsOf } from './jobs.mjs';
import { Tally } from './tally.mjs';

const ID = /"id":"(ps_[^"]+)"/;

/**
 * Closed loop: `concurrency` clients that each send their next request when they have the response to the last one, until
 * `durationMs` has passed or `count` requests were sent. Returns the ids of payments too, if `collect` is set.
 */
export async function closedLoop({
  url,
  concurrency,
  durationMs = Infinity,
  count = Infinity,
  collect,
  first = 0,
  ...job
}) {
  const client = new Client(url, concurrency);
  const request = requestsOf(job);
  const tally = new Tally();
  const ids = [];
  const startedAt = performance.now();
  let sent = 0;
  const repeat = async () => {
    while (sent < count && performance.now() - startedAt < durationMs) {
      const sentAt = performance.now();
      const response = await client.send(request(first + sent++));
      tally.add(outcomeOf(job, response), performance.now() - sentAt, response.text);
      if (collect) ids.push(ID.exec(response.text)?.[1]);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, repeat));
  const elapsedMs = performance.now() - startedAt;
  await client.close();
  return { ...tally.result(), sent, elapsedMs, ids };
}
