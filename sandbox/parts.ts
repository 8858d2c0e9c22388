import type { FaultQueue } from './fault-queue.js';
import type { Fault } from './faults.js';
import type { Journal } from './journal.js';
import type { Payments } from './payments.js';
import type { State } from './state.js';
import type { Switches } from './switches.js';
import type { Webhooks } from './webhooks/webhooks.js';

/** The state shared by all routes. `switches` is modified in place, so a change applies from the next call on. */
export interface Parts {
  readonly switches: Switches;
  readonly faults: FaultQueue<Fault>;
  readonly journal: Journal;
  readonly state: State;
  readonly webhooks: Webhooks;
  readonly payments: Payments;
}
