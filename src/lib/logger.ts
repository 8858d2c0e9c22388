import { pino } from 'pino';
import type { Logger as PinoLogger } from 'pino';

/** The fields of a log line. `event` names what happened, in snake_case, and stays the same from release to release. */
export interface LogFields {
  readonly event: string;
  readonly [field: string]: unknown;
}

type Write = (fields: LogFields, message: string) => void;

/** The part of a logger that most of the program needs. */
export type Logger = Readonly<Record<'debug' | 'info' | 'warn' | 'error', Write>>;

/**
 * A structured log with one JSON object per line; on standard output unless another file is given. Secrets and personal
 * data are `Sensitive`, which serializes as a mask; use plain strings only for what every reader of the logs may see.
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

/** Adds a request id to each line. A child of a pino logger would do the same, with ten times the memory. */
export class RequestLog implements Logger {
  constructor(
    private readonly log: Logger,
    private readonly requestId: string,
  ) {}

  debug(fields: LogFields, message: string): void {
    this.log.debug(this.#with(fields), message);
  }

  info(fields: LogFields, message: string): void {
    this.log.info(this.#with(fields), message);
  }

  warn(fields: LogFields, message: string): void {
    this.log.warn(this.#with(fields), message);
  }

  error(fields: LogFields, message: string): void {
    this.log.error(this.#with(fields), message);
  }

  #with(fields: LogFields): LogFields {
    return { requestId: this.requestId, ...fields };
  }
}
