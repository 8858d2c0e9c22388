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
import { ANONYMOUS } from '../support/api-clients.js';
import { until } from '../support/until.js';

const refusal = (code: string): SubscribeFailure => ({ errors: [{ message: 'No.', extensions: { code } }] });

/** A subscription source with given results. It waits for more until it is ended. */
class TestSource implements SubscriptionSource {
  isEnded = false;
  #wake: () => void = () => undefined;

  constructor(private readonly results: SourceResult[]) {}

  async next(): Promise<SourceResult | undefined> {
    if (this.results.length === 0 && !this.isEnded) await new Promise<void>((resolve) => (this.#wake = resolve));
    return this.isEnded ? undefined : this.results.shift();
  }

  push(next: SourceResult): void {
    this.results.push(next);
    this.#wake();
  }

  end(): Promise<void> {
    this.isEnded = true;
    this.#wake();
    return Promise.resolve();
  }
}

const resultOf = (event: number): SourceResult => ({ kind: 'next', payload: { event }, event });

let store: TestStore;
let log: string;
let sent: CallbackMessage[];
/** The source or failure with which a replica resumes a subscription, and after which events it did so. */
let resumed: SubscriptionSource | SubscribeFailure;
let afterEvents: number[];
let isAllowed: boolean;
/** The responses of the router. */
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
      return Promise.resolve(resumed);
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

/** The store with these methods replaced. */
function storeWith(change: Partial<CallbackStore>): CallbackStore {
  const { callbacks } = store;
  return {
    renew: (...args) => callbacks.renew(...args),
    add: (...args) => callbacks.add(...args),
    takeOver: (...args) => callbacks.takeOver(...args),
    holds: (...args) => callbacks.holds(...args),
    heldBy: (...args) => callbacks.heldBy(...args),
    letGo: (...args) => callbacks.letGo(...args),
    advance: (...args) => callbacks.advance(...args),
    remove: (...args) => callbacks.remove(...args),
    release: (...args) => callbacks.release(...args),
    ...change,
  };
}

const actions = () => sent.map(({ action }) => action);
const rows = () => store.rows('callback_subscriptions');

/** Leaves to other replicas a subscription whose event 5 was acknowledged. */
async function leaveSubscription(): Promise<void> {
  const replica = newReplica();
  await replica.register(registration(), new TestSource([resultOf(5)]), pino({ level: 'silent' }));
  await until(async () => (await rows())[0]?.after_event === 5);
  await replica.end();
  sent = [];
}

describe('a replica that takes over a subscription', () => {
  it('resumes after the last acknowledged event', async () => {
    await leaveSubscription();
    resumed = new TestSource([resultOf(6)]);
    expect(await newReplica().tick()).toBe(1);
    await until(async () => (await rows())[0]?.after_event === 6);
    expect(afterEvents).toEqual([5]);
    expect(sent).toEqual([{ action: 'next', payload: { event: 6 } }]);
  });

  it('ends one whose document no longer matches the schema, with an error that it logs once', async () => {
    await leaveSubscription();
    resumed = refusal('GRAPHQL_VALIDATION_FAILED');
    const replica = newReplica();
    await replica.tick();
    await until(async () => (await rows()).length === 0);
    expect(sent).toEqual([{ action: 'complete', errors: [...refusal('GRAPHQL_VALIDATION_FAILED').errors] }]);
    expect(log.match(/cannot be resumed/g)).toHaveLength(1);
    expect(log).not.toContain('marker');
    await until(() => replica.size === 0);
    expect(await replica.tick()).toBe(0);
  });

  it('waits while the store is unavailable', async () => {
    await leaveSubscription();
    resumed = refusal('SERVICE_UNAVAILABLE');
    await newReplica().tick();
    resumed = new TestSource([resultOf(6)]);
    await until(() => sent.length > 0);
    expect(actions()).toEqual(['next']);
    expect(afterEvents).toEqual([5, 5]);
  });

  it('does not register one whose host resolves to an address that is not allowed', async () => {
    firstCheck = () => Promise.resolve('not-allowed');
    const source = new TestSource([resultOf(1)]);
    expect(await newReplica().register(registration(), source, pino({ level: 'silent' }))).toBe('not-allowed');
    expect([source.isEnded, sent]).toEqual([true, [{ action: 'check' }]]);
  });

  it('removes one whose host is no longer allowed, without a callback', async () => {
    await leaveSubscription();
    isAllowed = false;
    await newReplica().tick();
    expect(await rows()).toEqual([]);
    expect(sent).toEqual([]);
    expect(log).toContain('no longer allowed');
  });

  it('resumes one that it leased although the response of the store was lost', async () => {
    await leaveSubscription();
    const { callbacks } = store;
    let losses = 1;
    const replica = newReplica(
      storeWith({
        takeOver: async (...args) => {
          const subscriptions = await callbacks.takeOver(...args);
          if (losses-- > 0) throw new StoreUnavailableError('the response is lost');
          return subscriptions;
        },
      }),
    );
    resumed = new TestSource([resultOf(6)]);
    await expect(replica.tick()).rejects.toThrow(StoreUnavailableError);
    expect(await replica.tick()).toBe(1);
    await until(() => sent.length > 0);
    expect(sent).toEqual([{ action: 'next', payload: { event: 6 } }]);
  });

  it('resumes the others when one cannot be read', async () => {
    await leaveSubscription();
    const { callbacks } = store;
    const replica = newReplica(
      storeWith({
        takeOver: async (...args) => {
          const [subscription] = await callbacks.takeOver(...args);
          return subscription === undefined
            ? []
            : [{ ...subscription, id: 'sealed', registration: undefined }, subscription];
        },
      }),
    );
    resumed = new TestSource([resultOf(6)]);
    expect(await replica.tick()).toBe(2);
    await until(() => sent.length > 0);
    expect(log).toContain('data key missing');
  });

  it('resumes none while it shuts down', async () => {
    await leaveSubscription();
    const replica = newReplica();
    await replica.end();
    expect(await replica.tick()).toBe(0);
    expect(afterEvents).toEqual([]);
    expect(await rows()).toHaveLength(1);
  });
});

describe('a replica that registers a subscription', () => {
  const silent = pino({ level: 'silent' });
  const replicaOver = (change: Partial<CallbackStore>) => newReplica(storeWith(change));

  it('sends its results and its failure, and removes it', async () => {
    const replica = newReplica();
    const failed: SourceResult = { kind: 'failed', errors: [{ message: 'No.' }] };
    await replica.register(registration(), new TestSource([resultOf(2), failed]), silent);
    await until(() => replica.size === 0);
    expect(actions()).toEqual(['check', 'next', 'complete']);
    expect(sent[2]).toEqual({ action: 'complete', errors: [{ message: 'No.' }] });
    expect(await rows()).toEqual([]);
  });

  it('replaces it when a router registers it again', async () => {
    const replica = newReplica();
    const [before, after] = [new TestSource([resultOf(1)]), new TestSource([resultOf(1)])];
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
  ])('returns %s, and ends its source', async (result, change) => {
    const source = new TestSource([resultOf(1)]);
    expect(await replicaOver(change).register(registration(), source, silent)).toBe(result);
    expect(source.isEnded).toBe(true);
  });

  it('rejects more while too many are checked, and at shutdown reports itself as unavailable', async () => {
    const replica = newReplica();
    const responders: ((status: number | undefined) => void)[] = [];
    firstCheck = () => new Promise((resolve) => responders.push(resolve));
    const register = () => replica.register(registration(), new TestSource([resultOf(1)]), silent);
    const checked = Array.from({ length: 32 }, register);
    expect(await register()).toBe('too-many');
    const ended = replica.end();
    for (const respond of responders) respond(undefined);
    expect(new Set(await Promise.all(checked))).toEqual(new Set(['unavailable']));
    await ended;
  });

  it('removes it when a heartbeat terminates it while an event waits', async () => {
    const replica = newReplica();
    let respond: (status: number) => void = () => undefined;
    post = ({ action }) => (action === 'check' ? new Promise((resolve) => (respond = resolve)) : Promise.resolve(200));
    const source = new TestSource([resultOf(1)]);
    await replica.register(registration(1), source, silent);
    await until(() => actions().filter((action) => action === 'check').length === 2);
    source.push(resultOf(2));
    await new Promise((resolve) => setImmediate(resolve));
    respond(404);
    await until(() => replica.size === 0);
    expect(await rows()).toEqual([]);
    expect(actions().filter((action) => action === 'next')).toHaveLength(1);
  });

  it('sends nothing when another replica holds it', async () => {
    const replica = replicaOver({ holds: () => Promise.resolve(false) });
    const source = new TestSource([resultOf(1)]);
    await replica.register(registration(), source, silent);
    await until(() => source.isEnded);
    expect(actions()).toEqual(['check']);
  });

  it('sends nothing while another replica may have taken it over, and resumes when none has', async () => {
    const paused = replicaOver({});
    const source = new TestSource([resultOf(1)]);
    await paused.register(registration(), source, silent);
    await until(() => sent.length === 2);
    const now = performance.now();
    const clock = jest.spyOn(performance, 'now').mockImplementation(() => now + 60_000);
    source.push(resultOf(2));
    await new Promise((resolve) => setImmediate(resolve));
    expect(actions()).toEqual(['check', 'next']);
    clock.mockRestore();
    await paused.tick();
    await until(() => sent.length === 3);
    expect(sent[2]).toEqual({ action: 'next', payload: { event: 2 } });
  });
});
