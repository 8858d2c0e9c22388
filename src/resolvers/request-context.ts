import type { Logger } from '../log.js';

/** What belongs to one HTTP request. */
export interface RequestContext {
  /** Made here or taken from the router; stands in the log, in `x-request-id` and in every error. */
  readonly requestId: string;
  /** Writes the request id with every line. */
  readonly log: Logger;
}
