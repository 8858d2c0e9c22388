import type { Deadline } from '../deadline.js';
import type { Sensitive } from '../domain/sensitive.js';
import type { Logger } from '../log.js';
import { Attempts } from './attempts.js';
import type { FlinksClient, LookedUpStatus } from './client.js';
import type { UpstreamProfile } from './profile.js';
import type { Verdict } from './verdict.js';

/** Cancels sessions, where the profile knows a way to. */
export class Cancellations {
  constructor(
    private readonly client: Pick<FlinksClient, 'cancelSession'>,
    private readonly path: UpstreamProfile['cancelPath'],
  ) {}

  get areOffered(): boolean {
    return this.path !== 'none';
  }

  /** How the payment stands after it. Repeated until it is answered or `deadline` passes. */
  cancel(sessionId: Sensitive<string>, deadline: Deadline, log: Logger): Promise<Verdict<LookedUpStatus>> {
    return new Attempts(deadline, log).at('cancel', () => this.client.cancelSession(sessionId, deadline));
  }
}
