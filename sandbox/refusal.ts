import type { Verdict } from './journal.js';

/** Thrown by the work of an endpoint to turn a call down; the message is a sentence that teaches. */
export class Refusal extends Error {
  constructor(
    readonly status: number,
    readonly result: Exclude<Verdict, 'ok' | 'fault'>,
    message: string,
  ) {
    super(message);
  }
}
