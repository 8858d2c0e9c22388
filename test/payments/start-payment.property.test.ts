import { afterAll, afterEach, beforeAll, beforeEach, it, jest } from '@jest/globals';
import fc from 'fast-check';
import type { TestStore } from '../store/test-store.js';
import type { Event } from './simulation.js';
import * as timers from './timers.js';
import type { Faults, FlinksFault } from './simulated-environment.js';

jest.unstable_mockModule('node:timers/promises', () => timers.module);
const { Simulation, openTestStore } = await import('./simulation.js');

let store: TestStore;

beforeAll(async () => {
  store = await openTestStore();
});
afterAll(() => store.close());

// Deadlines pass in the time of the test, and databases are waited for in real time.
beforeEach(() => {
  const real = ['Date', 'hrtime', 'nextTick', 'queueMicrotask', 'setImmediate', 'clearImmediate'] as const;
  jest.useFakeTimers({ doNotFake: [...real] });
});
afterEach(() => void jest.useRealTimers());

const kind = <const K extends string>(name: K) => fc.constant(name);
const delay = fc.nat(8);
const replica = fc.nat(1);
const send = fc.constant('x EMAIL k');
const name = fc.oneof(send, send, send, fc.constant('x LINK k'), fc.constantFrom('y EMAIL k', 'x EMAIL K', 'y LINK k'));
const amountMinor = fc.constantFrom(100, 100, 100, 100, 100, 100, 200);

const event: fc.Arbitrary<Event> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ kind: kind('call'), delay, replica, name, amountMinor }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('kill' as const, 'sweep' as const), delay, replica }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: kind('pass'),
      delay,
      ms: fc.constantFrom(700, 1_500, 1_500),
      stopped: fc.constantFrom(false, true, true),
    }),
  },
);
const upTo = (maxLength: number) => ({ maxLength, size: 'max' as const });
const flinksDelays = fc.array(fc.constantFrom(1, 1, 15, 40), upTo(20));
const flinksFault = fc.constantFrom<FlinksFault[]>(
  ...(['succeeded', 'left', 'rejected', 'unavailable', 'misconfigured', 'lost', 'sent', 'again'] as const),
);
/** Run separately, because with all faults at once hardly any attempt would get far. */
const faults: [string, fc.Arbitrary<Faults>][] = [
  ['replicas crash or pause', fc.record({ store: fc.constant([]), flinks: fc.constant([]), delays: flinksDelays })],
  [
    'the store and Flinks fail',
    fc.record({
      store: fc.array(fc.constantFrom('none', 'none', 'none', 'none', 'none', 'none', 'before', 'after'), upTo(40)),
      flinks: fc.array(flinksFault, upTo(8)),
      delays: flinksDelays,
    }),
  ],
];

it.each(faults)(
  'one idempotency key makes one payment of one operation in any order of calls while %s',
  async (_, faultsOfRun) => {
    const events = fc.array(event, { minLength: 1, ...upTo(12) });
    const property = fc.asyncProperty(fc.scheduler(), events, faultsOfRun, async (scheduler, all, chosen) => {
      await store.empty();
      await new Simulation(scheduler, chosen, store).run(all);
    });
    await fc.assert(property, { numRuns: 150 });
  },
  120_000,
);
