import type { ResultCode } from './journal.js';

/** Thrown by an endpoint's work to reject the call. The message is a sentence that says how to correct it. */
export class Rejection extends Error {
  constructor(
    readonly status: number,
    readonly result: Exclude<ResultCode, 'ok' | 'fault'>,
    message: string,
  ) {
    super(message);
  }
}
