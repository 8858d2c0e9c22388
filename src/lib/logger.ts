import { pino } from 'pino';
import type { Logger as PinoLogger } from 'pino';

/** What most of the program needs of a logger. */
export type Logger = Pick<PinoLogger, 'debug' | 'info' | 'warn' | 'error'>;

/**
 * Structured log, one JSON object a line; on standard output, unless another file is given. What is secret or personal is a
 * `Sensitive`, which serialises as a mask; plain strings are for what may be read by anybody who reads logs.
 */
export function createLogger(level: string, fileDescriptor = 1): PinoLogger {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    pino.destination(fileDescriptor),
  );
}
