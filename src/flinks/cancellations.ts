import type { Deadline } from '../lib/deadline.js';
import type { Sensitive } from '../domain/sensitive.js';
import type { Logger } from '../lib/logger.js';
import { RetryLoop } from './retry-loop.js';
import type { FlinksClient, ReportedStatus } from './client.js';
import type { ApiVariant } from './api-variant.js';
import type { ProviderResult } from '../domain/provider-result.js';

/** Cancels sessions, if the API variant has a way to. */
export class Cancellations {
  constructor(
    private readonly client: Pick<FlinksClient, 'cancelSession'>,
    private readonly path: ApiVariant['cancelPath'],
  ) {}

  /** Whether the API variant has a path for cancellations. */
  get areOffered(): boolean {
    return this.path !== 'none';
  }

  /**
   * Cancels a session and returns the payment's status after that. Repeats the call until Flinks responds or `deadline`
   * passes.
   */
  cancel(sessionId: Sensitive<string>, deadline: Deadline, log: Logger): Promise<ProviderResult<ReportedStatus>> {
    return new RetryLoop(deadline, log).run('cancel', () => this.client.cancelSession(sessionId, deadline));
  }
}
