import type { z } from 'zod';
import { problemsOf } from '../switches.js';

/** An error that the error handler converts to ProblemDetails. */
export function controlError(statusCode: number, message: string): Error {
  return Object.assign(new Error(message), { statusCode });
}

/** Validates a body or query. Throws a 400 error that lists every problem. */
export function checked<Value>(schema: z.ZodType<Value>, body: unknown): Value {
  const read = schema.safeParse(body);
  if (read.success) return read.data;
  throw controlError(400, `Correct these and send it again: ${problemsOf(read.error)}`);
}
