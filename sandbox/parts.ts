import type { Faults } from './faults.js';
import type { Journal } from './journal.js';
import type { State } from './state.js';
import type { Switches } from './switches.js';

/** What the routes share. `switches` is changed in place, so a change holds from the next call on. */
export interface Parts {
  readonly switches: Switches;
  readonly faults: Faults;
  readonly journal: Journal;
  readonly state: State;
}
