import { setImmediate as nextTurn } from 'node:timers/promises';

/** Stands for `node:timers/promises`: who sleeps is woken by the test. */
export const timers = {
  sleep: (ms: number): Promise<void> => Promise.reject(new Error(`nobody wakes who sleeps ${ms} ms`)),
};

export const module = { setTimeout: (ms: number) => timers.sleep(ms), setImmediate: nextTurn };
