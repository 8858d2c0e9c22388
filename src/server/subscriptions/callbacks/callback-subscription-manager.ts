import { Deadline } from '../../../lib/deadline.js';
import { StoreUnavailableError } from '../../../domain/store-unavailable.js';
import type { Logger } from '../../../lib/logger.js';
import type { CallbackStore, CallbackSubscription } from '../../../store/contracts/callback-store.js';
import type { Callback } from './callback.js';
import { MAX_FIRST_CHECKS } from './callback-endpoint.js';
import type { CallbackEndpoint } from './callback-endpoint.js';
import type { CallbackHostPolicy } from './callback-host-policy.js';
import { Delivery, DEFAULT_RETRY_POLICY } from './delivery.js';
import { CallbackDispatcher } from './callback-dispatcher.js';
import { Lease } from './lease.js';
import { keyOf, deserialize, serialize } from './registration.js';
import type { Registration } from './registration.js';
import { RetryingSource } from './retrying-source.js';
import type { ResumeSubscription, SubscriptionSource, SourceResult } from './subscription-source.js';

/** How often the lease is renewed and others' are looked at; on the average, and half as much longer at times. */
export const CALLBACK_TICK_MS = 1_000;
/** So many are taken over at once, which leaves connections to the database for others. */
const BATCH = 20;
/** Of all replicas together. */
const MAX_SUBSCRIPTIONS = 20_000;
/** What routers have to answer when this replica shuts down. */
const SHUTDOWN_GRACE_MS = 1_000;

/** registered: it will be told. refused: the router answered its check with something else than 204. not-allowed: nothing was called. unavailable: the store is away. */
export type RegistrationResult = 'registered' | 'refused' | 'not-allowed' | 'unreachable' | 'unavailable' | 'too-many';

interface CallbackDependencies {
  readonly store: CallbackStore;
  readonly endpoint: Pick<CallbackEndpoint, 'firstCheck' | 'post' | 'close'>;
  readonly hosts: Pick<CallbackHostPolicy, 'isAllowed'>;
  readonly resume: ResumeSubscription;
  readonly logOf: (requestId: string) => Logger;
  readonly log: Logger;
}

/**
 * The callback subscriptions that this replica tells: those that it was asked for, and those of replicas that are gone. In the store
 * before they are confirmed, so that another replica goes on after the last event that the router took.
 */
export class CallbackSubscriptionManager {
  readonly #dispatchers = new Map<string, CallbackDispatcher>();
  readonly #lease: Lease;
  #ticking: Promise<number> = Promise.resolve(0);
  #firstChecks = 0;
  /** True when the store may have given this replica subscriptions without an answer to say so. */
  #ownershipUncertain = false;
  #isEnding = false;

  constructor(private readonly parts: CallbackDependencies) {
    this.#lease = new Lease(parts.store);
  }

  /** How many this replica tells. */
  get size(): number {
    return this.#dispatchers.size;
  }

  isAllowed({ url }: Callback): boolean {
    return this.parts.hosts.isAllowed(url.reveal());
  }

  /** Asks the router whether it means it; then keeps the subscription, and tells it. */
  async register(registration: Registration, source: SubscriptionSource, log: Logger): Promise<RegistrationResult> {
    const registered = await this.#register(registration, source, log).catch((error: unknown): RegistrationResult => {
      if (error instanceof StoreUnavailableError) {
        this.#ownershipUncertain = true;
        return 'unavailable';
      }
      throw error;
    });
    if (registered !== 'registered') await source.end();
    return registered;
  }

  async #register(registration: Registration, source: SubscriptionSource, log: Logger): Promise<RegistrationResult> {
    if (this.#firstChecks >= MAX_FIRST_CHECKS) return 'too-many';
    const status = await this.#check(registration.callback);
    if (status === 'not-allowed') return status;
    if (this.#isEnding && status === undefined) return 'unavailable';
    if (status !== 204) return status === undefined ? 'unreachable' : 'refused';
    const first = await source.next();
    if (this.#lease.isExpired) await this.#renew();
    const subscription = {
      key: keyOf(registration),
      clientId: registration.client.id,
      registration: serialize(registration),
      afterEvent: first?.kind === 'next' ? Math.max(0, first.event - 1) : 0,
    };
    const id = await this.parts.store.add(this.#lease.ownerId, subscription, MAX_SUBSCRIPTIONS);
    if (id === undefined) return 'too-many';
    this.#dispatch(id, registration.callback, source, log, first);
    // It came while the others were given up.
    if (this.#isEnding) await this.#lease.release();
    return 'registered';
  }

  async #check(callback: Callback): Promise<number | 'not-allowed' | undefined> {
    this.#firstChecks += 1;
    const status = await this.parts.endpoint.firstCheck(callback);
    this.#firstChecks -= 1;
    return status;
  }

  /** Renews the lease and takes over what others left; tells how many. To be done every `CALLBACK_TICK_MS`. */
  tick(): Promise<number> {
    if (this.#isEnding) return Promise.resolve(0);
    this.#ticking = this.#takeOver().catch((error: unknown) => {
      this.#ownershipUncertain = true;
      throw error;
    });
    return this.#ticking;
  }

  /** Gives all up, for other replicas to go on at once, when routers have answered what is under way, or had the time to. */
  async end(): Promise<void> {
    this.#isEnding = true;
    this.#lease.end();
    await this.#ticking.catch(() => undefined);
    const dispatchers = [...this.#dispatchers.values()];
    for (const each of dispatchers) each.stop();
    await Deadline.after(SHUTDOWN_GRACE_MS).race(Promise.all(dispatchers.map(({ ended }) => ended)), []);
    await this.#lease.release();
    await this.parts.endpoint.close();
  }

  async #takeOver(): Promise<number> {
    await this.#renew();
    if (this.#ownershipUncertain) await this.#releaseOrphans();
    const taken = await this.parts.store.takeOver(this.#lease.ownerId, BATCH);
    await Promise.all(taken.map((subscription) => this.#resume(subscription)));
    if (taken.length > 0) this.parts.log.info({ subscriptions: taken.length }, 'took callback subscriptions over');
    return taken.length;
  }

  /** For all replicas to take, this one among them. */
  async #releaseOrphans(): Promise<void> {
    this.#ownershipUncertain = false;
    const stored = await this.parts.store.heldBy(this.#lease.ownerId);
    const orphaned = [...stored].filter((id) => !this.#dispatchers.has(id));
    if (orphaned.length > 0) await this.parts.store.letGo(this.#lease.ownerId, orphaned);
  }

  async #renew(): Promise<void> {
    const before = [...this.#dispatchers];
    if (await this.#lease.renew()) return;
    const kept = await this.parts.store.heldBy(this.#lease.ownerId);
    for (const [id, subscription] of before) if (!kept.has(id)) subscription.stop();
  }

  async #resume(subscription: CallbackSubscription): Promise<void> {
    const registration = deserialize(subscription);
    if (registration === undefined) {
      this.parts.log.error({ id: subscription.id }, 'no data key of this replica opens a callback subscription');
      return;
    }
    const log = this.parts.logOf(registration.requestId);
    if (!this.isAllowed(registration.callback)) {
      log.warn('the host of a callback subscription is not allowed any more');
      await this.parts.store.remove(this.#lease.ownerId, subscription.id);
      return;
    }
    const source = new RetryingSource(
      () => this.parts.resume(registration, subscription.afterEvent, log),
      ({ errors }) => {
        const codes = errors.map(({ extensions }) => extensions?.code);
        log.warn({ codes }, 'a callback subscription cannot go on');
      },
    );
    await source.start();
    this.#dispatch(subscription.id, registration.callback, source, log);
  }

  #dispatch(id: string, callback: Callback, source: SubscriptionSource, log: Logger, first?: SourceResult): void {
    this.#dispatchers.get(id)?.stop();
    const post = this.parts.endpoint.post.bind(this.parts.endpoint);
    const delivery = new Delivery(callback, post, DEFAULT_RETRY_POLICY);
    const isCurrent = (): boolean => this.#dispatchers.get(id) === dispatcher;
    const dispatcher = new CallbackDispatcher(
      source,
      delivery,
      this.#lease.ownershipOf(id, isCurrent),
      callback.heartbeatIntervalMs,
      log,
      first,
      first === undefined,
    );
    this.#dispatchers.set(id, dispatcher);
    void dispatcher.ended.finally(() => {
      if (isCurrent()) this.#dispatchers.delete(id);
    });
  }
}
