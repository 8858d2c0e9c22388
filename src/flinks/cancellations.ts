import type { ProviderResult } from '../domain/provider-result.js';
import type { Sensitive } from '../domain/sensitive.js';
import type { Deadline } from '../lib/deadline.js';
import type { Logger } from '../lib/logger.js';
import type { ApiVariant } from './api-variant.js';
import type { FlinksClient } from './client.js';
import { RetryLoop } from './retry-loop.js';
import type { ReportedStatus } from './wire/reported-status.js';

/** Cancels sessions, if the API variant has a way to. */
export class Cancellations {
  /** Whether the API variant has a path for cancellations. */
  readonly areOffered: boolean;

  constructor(
    private readonly client: Pick<FlinksClient, 'cancelSession'>,
    path: ApiVariant['cancelPath'],
  ) {
    this.areOffered = path !== 'none';
  }

  /** Cancels a session, repeating the call until Flinks responds or `deadline` passes. Returns the new status. */
  cancel(sessionId: Sensitive<string>, deadline: Deadline, log: Logger): Promise<ProviderResult<ReportedStatus>> {
    return new RetryLoop(deadline, log).run('cancel', () => this.client.cancelSession(sessionId, deadline));
  }
}
