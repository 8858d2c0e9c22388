import { Deadline } from '../../../lib/deadline.js';
import { StoreUnavailableError } from '../../../domain/store-unavailable.js';
import type { Logger } from '../../../lib/logger.js';
import type { CallbackStore, CallbackSubscription } from '../../../store/contracts/callback-store.js';
import type { Callback } from './callback.js';
import { MOST_FIRST_CHECKS } from './callback-endpoint.js';
import type { CallbackEndpoint } from './callback-endpoint.js';
import type { CallbackHosts } from './callback-host-policy.js';
import { Delivery, PERSISTENCE } from './delivery.js';
import { HeldSubscription } from './callback-dispatcher.js';
import { Lease } from './lease.js';
import { keyOf, registrationOf, toText } from './registration.js';
import type { Registration } from './registration.js';
import { ResumedTelling } from './retrying-source.js';
import type { Begin, Telling, Told } from './subscription-source.js';

/** How often the lease is renewed and others' are looked at; on the average, and half as much longer at times. */
export const CALLBACK_TICK_MS = 1_000;
/** So many are taken over at once, which leaves connections to the database for others. */
const BATCH = 20;
/** Of all replicas together. */
const MOST_SUBSCRIPTIONS = 20_000;
/** What routers have to answer when this replica shuts down. */
const FAREWELL_MS = 1_000;

/** held: it will be told. refused: the router answered its check with something else than 204. not-allowed: nothing was called. unavailable: the store is away. */
export type Registered = 'held' | 'refused' | 'not-allowed' | 'unreachable' | 'unavailable' | 'too-many';

interface Parts {
  readonly store: CallbackStore;
  readonly endpoint: Pick<CallbackEndpoint, 'firstCheck' | 'post' | 'close'>;
  readonly hosts: Pick<CallbackHosts, 'permit'>;
  readonly begin: Begin;
  readonly logOf: (requestId: string) => Logger;
  readonly log: Logger;
}

/**
 * The callback subscriptions that this replica tells: those that it was asked for, and those of replicas that are gone. In the store
 * before they are confirmed, so that another replica goes on after the last event that the router took.
 */
export class CallbackSubscriptions {
  readonly #held = new Map<string, HeldSubscription>();
  readonly #lease: Lease;
  #ticking: Promise<number> = Promise.resolve(0);
  #firstChecks = 0;
  /** True when the store may have given this replica subscriptions without an answer to say so. */
  #mayHoldMore = false;
  #isEnding = false;

  constructor(private readonly parts: Parts) {
    this.#lease = new Lease(parts.store);
  }

  /** How many this replica tells. */
  get size(): number {
    return this.#held.size;
  }

  permits({ url }: Callback): boolean {
    return this.parts.hosts.permit(url.reveal());
  }

  /** Asks the router whether it means it; then keeps the subscription, and tells it. */
  async register(registration: Registration, telling: Telling, log: Logger): Promise<Registered> {
    const registered = await this.#register(registration, telling, log).catch((error: unknown): Registered => {
      if (error instanceof StoreUnavailableError) {
        this.#mayHoldMore = true;
        return 'unavailable';
      }
      throw error;
    });
    if (registered !== 'held') await telling.end();
    return registered;
  }

  async #register(registration: Registration, telling: Telling, log: Logger): Promise<Registered> {
    if (this.#firstChecks >= MOST_FIRST_CHECKS) return 'too-many';
    const status = await this.#check(registration.callback);
    if (status === 'not-allowed') return status;
    if (this.#isEnding && status === undefined) return 'unavailable';
    if (status !== 204) return status === undefined ? 'unreachable' : 'refused';
    const first = await telling.next();
    if (this.#lease.isOver) await this.#renew();
    const subscription = {
      key: keyOf(registration),
      caller: registration.caller.id,
      registration: toText(registration),
      afterEvent: first?.kind === 'next' ? Math.max(0, first.event - 1) : 0,
    };
    const id = await this.parts.store.add(this.#lease.holder, subscription, MOST_SUBSCRIPTIONS);
    if (id === undefined) return 'too-many';
    this.#hold(id, registration.callback, telling, log, first);
    // It came while the others were given up.
    if (this.#isEnding) await this.#lease.giveUp();
    return 'held';
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
      this.#mayHoldMore = true;
      throw error;
    });
    return this.#ticking;
  }

  /** Gives all up, for other replicas to go on at once, when routers have answered what is under way, or had the time to. */
  async end(): Promise<void> {
    this.#isEnding = true;
    this.#lease.end();
    await this.#ticking.catch(() => undefined);
    const held = [...this.#held.values()];
    for (const each of held) each.stop();
    await Deadline.after(FAREWELL_MS).race(Promise.all(held.map(({ ended }) => ended)), []);
    await this.#lease.giveUp();
    await this.parts.endpoint.close();
  }

  async #takeOver(): Promise<number> {
    await this.#renew();
    if (this.#mayHoldMore) await this.#letGoOfUntold();
    const taken = await this.parts.store.takeOver(this.#lease.holder, BATCH);
    await Promise.all(taken.map((subscription) => this.#resume(subscription)));
    if (taken.length > 0) this.parts.log.info({ subscriptions: taken.length }, 'took callback subscriptions over');
    return taken.length;
  }

  /** For all replicas to take, this one among them. */
  async #letGoOfUntold(): Promise<void> {
    this.#mayHoldMore = false;
    const stored = await this.parts.store.heldBy(this.#lease.holder);
    const untold = [...stored].filter((id) => !this.#held.has(id));
    if (untold.length > 0) await this.parts.store.letGo(this.#lease.holder, untold);
  }

  async #renew(): Promise<void> {
    const before = [...this.#held];
    if (await this.#lease.renew()) return;
    const kept = await this.parts.store.heldBy(this.#lease.holder);
    for (const [id, subscription] of before) if (!kept.has(id)) subscription.stop();
  }

  async #resume(subscription: CallbackSubscription): Promise<void> {
    const registration = registrationOf(subscription);
    if (registration === undefined) {
      this.parts.log.error({ id: subscription.id }, 'no data key of this replica opens a callback subscription');
      return;
    }
    const log = this.parts.logOf(registration.requestId);
    if (!this.permits(registration.callback)) {
      log.warn('the host of a callback subscription is not allowed any more');
      await this.parts.store.remove(this.#lease.holder, subscription.id);
      return;
    }
    const telling = new ResumedTelling(
      () => this.parts.begin(registration, subscription.afterEvent, log),
      ({ errors }) => {
        const codes = errors.map(({ extensions }) => extensions?.code);
        log.warn({ codes }, 'a callback subscription cannot go on');
      },
    );
    await telling.begin();
    this.#hold(subscription.id, registration.callback, telling, log);
  }

  #hold(id: string, callback: Callback, telling: Telling, log: Logger, first?: Told): void {
    this.#held.get(id)?.stop();
    const post = this.parts.endpoint.post.bind(this.parts.endpoint);
    const delivery = new Delivery(callback, post, PERSISTENCE);
    const isCurrent = (): boolean => this.#held.get(id) === held;
    const held = new HeldSubscription(
      telling,
      delivery,
      this.#lease.holdOn(id, isCurrent),
      callback.heartbeatIntervalMs,
      log,
      first,
      first === undefined,
    );
    this.#held.set(id, held);
    void held.ended.finally(() => {
      if (isCurrent()) this.#held.delete(id);
    });
  }
}
