import { setImmediate as immediate } from 'node:timers/promises';

/** Replaces `node:timers/promises`, so that the test wakes sleepers. */
export const timers = {
  sleep: (ms: number): Promise<void> => Promise.reject(new Error(`no test wakes a sleep of ${ms} ms`)),
};

export const module = { setTimeout: (ms: number) => timers.sleep(ms), setImmediate: immediate };
