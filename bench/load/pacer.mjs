// A thread that says how many requests are due, as soon as the next one is.
import { parentPort, workerData } from 'node:worker_threads';

const { startedAt, perSecond, count } = workerData;
const sleeper = new Int32Array(new SharedArrayBuffer(4));

let due = 0;
while (due < count) {
  const elapsedMs = performance.timeOrigin + performance.now() - startedAt;
  const next = Math.min(count, Math.floor((elapsedMs * perSecond) / 1000) + 1);
  if (next > due) {
    due = next;
    parentPort.postMessage(due);
  }
  Atomics.wait(sleeper, 0, 0, Math.max(0.05, (due * 1000) / perSecond - elapsedMs));
}
