import { StoreUnavailableError } from '../../../domain/store-unavailable.js';
import { Deadline } from '../../../lib/deadline.js';
import type { Logger } from '../../../lib/logger.js';
import type { CallbackStore, CallbackSubscription } from '../../../store/contracts/callback-store.js';
import { CallbackDelivery } from './callback-delivery.js';
import { MAX_FIRST_CHECKS } from './callback-endpoint.js';
import type { CallbackEndpoint } from './callback-endpoint.js';
import type { CallbackHostPolicy } from './callback-destination.js';
import { MessageSender } from './message-sender.js';
import { Lease } from './lease.js';
import { deserialize, keyOf, serialize } from './registration.js';
import type { Callback, Registration } from './registration.js';
import { RetryingSource } from './subscription-source.js';
import type { ResumeSubscription, SourceResult, SubscriptionSource } from './subscription-source.js';

/** Average interval of `CallbackSubscriptionManager.tick`; single intervals are up to half as much longer. */
export const CALLBACK_TICK_MS = 1_000;
/** Limit of subscriptions taken over per tick, which leaves database connections for other work. */
const BATCH = 20;
/** Limit of callback subscriptions, over all replicas. */
const MAX_SUBSCRIPTIONS = 20_000;
/** Time that routers get to acknowledge messages in flight when this replica shuts down. */
const SHUTDOWN_GRACE_MS = 1_000;

/**
 * `registered`: it will be delivered. `rejected`: the router responded to the check with another status than 204.
 * `not-allowed`: no request was made. `unavailable`: the database is unavailable.
 */
export type RegistrationResult = 'registered' | 'rejected' | 'not-allowed' | 'unreachable' | 'unavailable' | 'too-many';

interface CallbackDependencies {
  readonly store: CallbackStore;
  readonly endpoint: Pick<CallbackEndpoint, 'firstCheck' | 'post' | 'close'>;
  readonly hosts: Pick<CallbackHostPolicy, 'isAllowed'>;
  readonly resume: ResumeSubscription;
  readonly logOf: (requestId: string) => Logger;
  readonly log: Logger;
}

/**
 * Delivers callback subscriptions: those that clients requested on this replica, and those of replicas that crashed or
 * shut down. A subscription is stored before it is confirmed, so that another replica can continue after the last event
 * that the router acknowledged.
 */
export class CallbackSubscriptionManager {
  readonly #deliveries = new Map<string, CallbackDelivery>();
  readonly #lease: Lease;
  #ticking: Promise<number> = Promise.resolve(0);
  #firstChecks = 0;
  /** True when the store may have given this replica subscriptions in a response that was lost. */
  #ownershipUncertain = false;
  #isEnding = false;

  constructor(private readonly parts: CallbackDependencies) {
    this.#lease = new Lease(parts.store);
  }

  /** Number of subscriptions that this replica delivers. */
  get size(): number {
    return this.#deliveries.size;
  }

  /** Whether the URL's host is one of SUBSCRIPTION_CALLBACK_HOSTS. */
  isAllowed({ url }: Callback): boolean {
    return this.parts.hosts.isAllowed(url.reveal());
  }

  /** Confirms the subscription with the router, stores it and starts its delivery; otherwise ends `source`. */
  async register(registration: Registration, source: SubscriptionSource, log: Logger): Promise<RegistrationResult> {
    const registered = await this.#register(registration, source, log).catch((error: unknown) => {
      if (!(error instanceof StoreUnavailableError)) throw error;
      this.#ownershipUncertain = true;
      return 'unavailable' as const;
    });
    if (registered !== 'registered') await source.end();
    return registered;
  }

  async #register(registration: Registration, source: SubscriptionSource, log: Logger): Promise<RegistrationResult> {
    if (this.#firstChecks >= MAX_FIRST_CHECKS) return 'too-many';
    this.#firstChecks += 1;
    const status = await this.parts.endpoint.firstCheck(registration.callback);
    this.#firstChecks -= 1;
    if (status === 'not-allowed') return status;
    if (this.#isEnding && status === undefined) return 'unavailable';
    if (status !== 204) return status === undefined ? 'unreachable' : 'rejected';
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
    this.#deliver(id, registration.callback, source, log, first);
    // The subscription was stored while `end` released the others.
    if (this.#isEnding) await this.#lease.release();
    return 'registered';
  }

  /** Renews the lease and takes over orphaned subscriptions; returns their number. Call it every `CALLBACK_TICK_MS`. */
  tick(): Promise<number> {
    if (this.#isEnding) return Promise.resolve(0);
    this.#ticking = this.#takeOver().catch((error: unknown) => {
      this.#ownershipUncertain = true;
      throw error;
    });
    return this.#ticking;
  }

  /** Releases all subscriptions to other replicas. Routers get `SHUTDOWN_GRACE_MS` to acknowledge pending messages. */
  async end(): Promise<void> {
    this.#isEnding = true;
    this.#lease.end();
    await this.#ticking.catch(() => undefined);
    const deliveries = [...this.#deliveries.values()];
    for (const each of deliveries) each.stop();
    await Deadline.after(SHUTDOWN_GRACE_MS).race(Promise.all(deliveries.map(({ ended }) => ended)), []);
    await this.#lease.release();
    await this.parts.endpoint.close();
  }

  async #takeOver(): Promise<number> {
    await this.#renew();
    if (this.#ownershipUncertain) await this.#releaseOrphans();
    const taken = await this.parts.store.takeOver(this.#lease.ownerId, BATCH);
    await Promise.all(taken.map((subscription) => this.#resume(subscription)));
    const line = { event: 'callback_subscriptions_taken_over', subscriptions: taken.length };
    if (taken.length > 0) this.parts.log.info(line, 'callback subscriptions taken over');
    return taken.length;
  }

  /** Releases stored subscriptions that this replica does not deliver, for any replica to take over, even this one. */
  async #releaseOrphans(): Promise<void> {
    this.#ownershipUncertain = false;
    const stored = await this.parts.store.heldBy(this.#lease.ownerId);
    const orphaned = [...stored].filter((id) => !this.#deliveries.has(id));
    if (orphaned.length > 0) await this.parts.store.letGo(this.#lease.ownerId, orphaned);
  }

  async #renew(): Promise<void> {
    const before = [...this.#deliveries];
    if (await this.#lease.renew()) return;
    const kept = await this.parts.store.heldBy(this.#lease.ownerId);
    for (const [id, subscription] of before) if (!kept.has(id)) subscription.stop();
  }

  async #resume(subscription: CallbackSubscription): Promise<void> {
    const registration = deserialize(subscription);
    if (registration === undefined) {
      const line = { event: 'callback_subscription_not_decryptable', id: subscription.id };
      this.parts.log.error(line, 'cannot decrypt callback subscription: data key missing');
      return;
    }
    const log = this.parts.logOf(registration.requestId);
    if (!this.isAllowed(registration.callback)) {
      log.warn({ event: 'callback_host_rejected' }, 'the host of a callback subscription is no longer allowed');
      await this.parts.store.remove(this.#lease.ownerId, subscription.id);
      return;
    }
    const source = new RetryingSource(
      () => this.parts.resume(registration, subscription.afterEvent, log),
      ({ errors }) => {
        const codes = errors.map(({ extensions }) => extensions?.code);
        log.warn({ event: 'callback_subscription_resume_failed', codes }, 'callback subscription cannot be resumed');
      },
    );
    await source.start();
    this.#deliver(subscription.id, registration.callback, source, log);
  }

  #deliver(id: string, callback: Callback, source: SubscriptionSource, log: Logger, first?: SourceResult): void {
    this.#deliveries.get(id)?.stop();
    const isCurrent = (): boolean => this.#deliveries.get(id) === delivery;
    const delivery = new CallbackDelivery(
      source,
      new MessageSender(callback, this.parts.endpoint),
      this.#lease.ownershipOf(id, isCurrent),
      callback.heartbeatIntervalMs,
      log,
      first,
    );
    this.#deliveries.set(id, delivery);
    void delivery.ended.finally(() => {
      if (isCurrent()) this.#deliveries.delete(id);
    });
  }
}
