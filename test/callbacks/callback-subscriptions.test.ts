import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { pino } from 'pino';
import type { Callback, Registration } from '../../src/server/subscriptions/callbacks/registration.js';
import type { CallbackMessage } from '../../src/server/subscriptions/callbacks/callback-endpoint.js';
import { CallbackSubscriptionManager } from '../../src/server/subscriptions/callbacks/callback-subscription-manager.js';
import { newRegistration } from '../../src/server/subscriptions/callbacks/registration.js';
import type {
  SubscribeFailure,
  SubscriptionSource,
  SourceResult,
} from '../../src/server/subscriptions/callbacks/subscription-source.js';
import { Sensitive } from '../../src/domain/sensitive.js';
import { StoreUnavailableError } from '../../src/domain/store-unavailable.js';
import type { CallbackStore } from '../../src/store/contracts/callback-store.js';
import { TestStore } from '../store/test-store.js';
import { ANONYMOUS } from '../support/callers.js';
import { until } from '../support/until.js';

const refusal = (code: string): SubscribeFailure => ({ errors: [{ message: 'No.', extensions: { code } }] });

/** Tells what it is given, and nothing more until it is ended. */
class TestTelling implements SubscriptionSource {
  isEnded = false;
  #wake: () => void = () => undefined;

  constructor(private readonly tellings: SourceResult[]) {}

  async next(): Promise<SourceResult | undefined> {
    if (this.tellings.length === 0 && !this.isEnded) await new Promise<void>((resolve) => (this.#wake = resolve));
    return this.isEnded ? undefined : this.tellings.shift();
  }

  tell(next: SourceResult): void {
    this.tellings.push(next);
    this.#wake();
  }

  end(): Promise<void> {
    this.isEnded = true;
    this.#wake();
    return Promise.resolve();
  }
}

const told = (event: number): SourceResult => ({ kind: 'next', payload: { event }, event });

let store: TestStore;
let log: string;
let sent: CallbackMessage[];
/** What a replica that takes one over can do, and after which events it was asked to go on. */
let begun: SubscriptionSource | SubscribeFailure;
let afterEvents: number[];
let isAllowed: boolean;
/** What the router answers. */
let firstCheck: () => Promise<number | 'not-allowed' | undefined>;
let post: (message: CallbackMessage) => Promise<number | undefined>;
const open: CallbackSubscriptionManager[] = [];

beforeEach(async () => {
  store = await TestStore.open('sqlite::memory:');
  [log, sent, afterEvents, isAllowed] = ['', [], [], true];
  firstCheck = post = () => Promise.resolve(204);
});
afterEach(async () => {
  for (const each of open.splice(0)) await each.end();
  await store.close();
});

function newReplica(callbacks: CallbackStore = store.callbacks): CallbackSubscriptionManager {
  const logger = pino({ level: 'trace' }, { write: (line: string) => (log += line) });
  const replica = new CallbackSubscriptionManager({
    store: callbacks,
    endpoint: {
      firstCheck: () => {
        sent.push({ action: 'check' });
        return firstCheck();
      },
      post: (_callback: Callback, message: CallbackMessage) => {
        sent.push(message);
        return post(message);
      },
      close: () => Promise.resolve(),
    },
    hosts: { isAllowed: () => isAllowed },
    resume: (_registration, afterEvent) => {
      afterEvents.push(afterEvent);
      return Promise.resolve(begun);
    },
    logOf: () => logger,
    log: logger,
  });
  open.push(replica);
  return replica;
}

function registration(heartbeatIntervalMs = 0): Registration {
  const callback = {
    url: new Sensitive('http://127.0.0.1:1/marker'),
    subscriptionId: 'marker',
    verifier: new Sensitive('marker'),
    heartbeatIntervalMs,
  };
  return newRegistration(callback, { query: 'subscription { marker }' }, { client: ANONYMOUS, requestId: 'request' });
}

/** The store, but for these. */
function storeWith(change: Partial<CallbackStore>): CallbackStore {
  const { callbacks } = store;
  return {
    renew: (...asked) => callbacks.renew(...asked),
    add: (...asked) => callbacks.add(...asked),
    takeOver: (...asked) => callbacks.takeOver(...asked),
    holds: (...asked) => callbacks.holds(...asked),
    heldBy: (...asked) => callbacks.heldBy(...asked),
    letGo: (...asked) => callbacks.letGo(...asked),
    advance: (...asked) => callbacks.advance(...asked),
    remove: (...asked) => callbacks.remove(...asked),
    release: (...asked) => callbacks.release(...asked),
    ...change,
  };
}

const actions = () => sent.map(({ action }) => action);
const rows = () => store.rows('callback_subscriptions');

/** Leaves a subscription of which event 5 was taken to others. */
async function leave(): Promise<void> {
  const replica = newReplica();
  await replica.register(registration(), new TestTelling([told(5)]), pino({ level: 'silent' }));
  await until(async () => (await rows())[0]?.after_event === 5);
  await replica.end();
  sent = [];
}

describe('a replica that takes a subscription over', () => {
  it('goes on after the last event that was taken', async () => {
    await leave();
    begun = new TestTelling([told(6)]);
    expect(await newReplica().tick()).toBe(1);
    await until(async () => (await rows())[0]?.after_event === 6);
    expect(afterEvents).toEqual([5]);
    expect(sent).toEqual([{ action: 'next', payload: { event: 6 } }]);
  });

  it('ends one whose document fits the schema no more, with the error, and says so once', async () => {
    await leave();
    begun = refusal('GRAPHQL_VALIDATION_FAILED');
    const replica = newReplica();
    await replica.tick();
    await until(async () => (await rows()).length === 0);
    expect(sent).toEqual([{ action: 'complete', errors: [...refusal('GRAPHQL_VALIDATION_FAILED').errors] }]);
    expect(log.match(/cannot be resumed/g)).toHaveLength(1);
    expect(log).not.toContain('marker');
    await until(() => replica.size === 0);
    expect(await replica.tick()).toBe(0);
  });

  it('waits where the store does not tell how its payment is', async () => {
    await leave();
    begun = refusal('SERVICE_UNAVAILABLE');
    await newReplica().tick();
    begun = new TestTelling([told(6)]);
    await until(() => sent.length > 0);
    expect(actions()).toEqual(['next']);
    expect(afterEvents).toEqual([5, 5]);
  });

  it('is not kept where the host stands for an address that is not allowed', async () => {
    firstCheck = () => Promise.resolve('not-allowed');
    const telling = new TestTelling([told(1)]);
    expect(await newReplica().register(registration(), telling, pino({ level: 'silent' }))).toBe('not-allowed');
    expect([telling.isEnded, sent]).toEqual([true, [{ action: 'check' }]]);
  });

  it('forgets one of a host that is not allowed any more, and calls nothing', async () => {
    await leave();
    isAllowed = false;
    await newReplica().tick();
    expect(await rows()).toEqual([]);
    expect(sent).toEqual([]);
    expect(log).toContain('no longer allowed');
  });

  it('goes on with one that it was given without an answer to say so', async () => {
    await leave();
    const { callbacks } = store;
    let losses = 1;
    const replica = newReplica(
      storeWith({
        takeOver: async (...asked) => {
          const taken = await callbacks.takeOver(...asked);
          if (losses-- > 0) throw new StoreUnavailableError('the answer is lost');
          return taken;
        },
      }),
    );
    begun = new TestTelling([told(6)]);
    await expect(replica.tick()).rejects.toThrow(StoreUnavailableError);
    expect(await replica.tick()).toBe(1);
    await until(() => sent.length > 0);
    expect(sent).toEqual([{ action: 'next', payload: { event: 6 } }]);
  });

  it('tells the others where one cannot be read', async () => {
    await leave();
    const { callbacks } = store;
    const replica = newReplica(
      storeWith({
        takeOver: async (...asked) => {
          const [taken] = await callbacks.takeOver(...asked);
          return taken === undefined ? [] : [{ ...taken, id: 'sealed', registration: undefined }, taken];
        },
      }),
    );
    begun = new TestTelling([told(6)]);
    expect(await replica.tick()).toBe(2);
    await until(() => sent.length > 0);
    expect(log).toContain('data key missing');
  });

  it('begins none while it shuts down', async () => {
    await leave();
    const replica = newReplica();
    await replica.end();
    expect(await replica.tick()).toBe(0);
    expect(afterEvents).toEqual([]);
    expect(await rows()).toHaveLength(1);
  });
});

describe('a replica that is asked for a subscription', () => {
  const silent = pino({ level: 'silent' });
  const replicaOver = (change: Partial<CallbackStore>) => newReplica(storeWith(change));

  it('tells the end of one, or its failure, and forgets it', async () => {
    const replica = newReplica();
    const failed: SourceResult = { kind: 'failed', errors: [{ message: 'No.' }] };
    await replica.register(registration(), new TestTelling([told(2), failed]), silent);
    await until(() => replica.size === 0);
    expect(actions()).toEqual(['check', 'next', 'complete']);
    expect(sent[2]).toEqual({ action: 'complete', errors: [{ message: 'No.' }] });
    expect(await rows()).toEqual([]);
  });

  it('tells the one that it was asked for last, where a router asks again', async () => {
    const replica = newReplica();
    const [before, after] = [new TestTelling([told(1)]), new TestTelling([told(1)])];
    await replica.register(registration(), before, silent);
    await replica.register(registration(), after, silent);
    expect(before.isEnded).toBe(true);
    await until(async () => (await rows())[0]?.after_event === 1);
    expect(after.isEnded).toBe(false);
    expect(replica.size).toBe(1);
    expect(await rows()).toHaveLength(1);
  });

  it.each<[string, Partial<CallbackStore>]>([
    ['too-many', { add: () => Promise.resolve(undefined) }],
    ['unavailable', { add: () => Promise.reject(new StoreUnavailableError('down')) }],
  ])('answers %s, and ends it', async (answer, change) => {
    const telling = new TestTelling([told(1)]);
    expect(await replicaOver(change).register(registration(), telling, silent)).toBe(answer);
    expect(telling.isEnded).toBe(true);
  });

  it('takes no more while many are checked, and blames no router when it shuts down', async () => {
    const replica = newReplica();
    const answers: ((status: number | undefined) => void)[] = [];
    firstCheck = () => new Promise((resolve) => answers.push(resolve));
    const ask = () => replica.register(registration(), new TestTelling([told(1)]), silent);
    const checked = Array.from({ length: 32 }, ask);
    expect(await ask()).toBe('too-many');
    const ended = replica.end();
    for (const answer of answers) answer(undefined);
    expect(new Set(await Promise.all(checked))).toEqual(new Set(['unavailable']));
    await ended;
  });

  it('forgets one whose heartbeat ends it while an event waits', async () => {
    const replica = newReplica();
    let answer: (status: number) => void = () => undefined;
    post = ({ action }) => (action === 'check' ? new Promise((resolve) => (answer = resolve)) : Promise.resolve(200));
    const telling = new TestTelling([told(1)]);
    await replica.register(registration(1), telling, silent);
    await until(() => actions().filter((action) => action === 'check').length === 2);
    telling.tell(told(2));
    await new Promise((resolve) => setImmediate(resolve));
    answer(404);
    await until(() => replica.size === 0);
    expect(await rows()).toEqual([]);
    expect(actions().filter((action) => action === 'next')).toHaveLength(1);
  });

  it('tells nothing of one that another replica has', async () => {
    const replica = replicaOver({ holds: () => Promise.resolve(false) });
    const telling = new TestTelling([told(1)]);
    await replica.register(registration(), telling, silent);
    await until(() => telling.isEnded);
    expect(actions()).toEqual(['check']);
  });

  it('tells nothing while others may have taken it over, and goes on when none has', async () => {
    const paused = replicaOver({});
    const telling = new TestTelling([told(1)]);
    await paused.register(registration(), telling, silent);
    await until(() => sent.length === 2);
    const now = performance.now();
    const clock = jest.spyOn(performance, 'now').mockImplementation(() => now + 60_000);
    telling.tell(told(2));
    await new Promise((resolve) => setImmediate(resolve));
    expect(actions()).toEqual(['check', 'next']);
    clock.mockRestore();
    await paused.tick();
    await until(() => sent.length === 3);
    expect(sent[2]).toEqual({ action: 'next', payload: { event: 2 } });
  });
});
