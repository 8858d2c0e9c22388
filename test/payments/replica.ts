import type { StartPaymentResult } from '../../src/domain/payment-results.js';
import { Sensitive } from '../../src/domain/sensitive.js';
import { StoreUnavailableError } from '../../src/domain/store-unavailable.js';
import { AttemptWaiter } from '../../src/payments/start/attempt-waiter.js';
import { Fingerprints } from '../../src/payments/start/fingerprints.js';
import { DeferredWrites, AttemptRunner } from '../../src/payments/start/attempt-runner.js';
import { StartPayment } from '../../src/payments/start/start-payment.js';
import type { DataKeys } from '../../src/store/encryption/data-keys.js';
import type { AttemptStore } from '../../src/store/contracts/attempt-store.js';
import { silentLog } from '../support/silent-log.js';
import { FakeFlinks } from './fake-flinks.js';
import { FaultyAttempts } from './faulty-attempts.js';
import { Process, TIMEOUT_MS } from './world.js';
import type { World } from './world.js';

export interface TestCall {
  /** `clientId operation key`. */
  readonly name: string;
  readonly amountMinor: number;
}

/** What a call is about, clientId and key, whichever the operation; which is the reference of the payment as well. */
export function intentionOf(name: string): string {
  const [clientId = '', , key = ''] = name.split(' ');
  return `${clientId} ${key}`;
}

/** A replica as `compose.ts` builds it, but for Flinks, faults and time. */
export class Replica extends Process {
  readonly #late = new DeferredWrites();
  readonly #store: AttemptStore;
  readonly #startPayment: StartPayment;
  #die: () => void = () => undefined;
  readonly #died = new Promise<undefined>((resolve) => (this.#die = () => resolve(undefined)));

  constructor(world: World, store: AttemptStore, keys: DataKeys) {
    super(world);
    this.#store = new FaultyAttempts(store, world, this);
    const attempts = new AttemptRunner(new FakeFlinks(world, this), this.#store, this.#late, TIMEOUT_MS);
    const watch = new AttemptWaiter(this.#store);
    const ignore = () => undefined;
    this.#startPayment = new StartPayment(this.#store, attempts, watch, new Fingerprints(keys), TIMEOUT_MS, ignore);
  }

  /** The answer, unless the replica dies before. */
  call({ name, amountMinor }: TestCall): Promise<StartPaymentResult | undefined> {
    const [clientId = '', operation, idempotencyKey = ''] = name.split(' ');
    const call = {
      clientId,
      idempotencyKey,
      allowDuplicate: false,
      request: {
        customer: { userId: 'user-1', name: new Sensitive('Zoé'), email: new Sensitive('zoe@example.com') },
        amount: { amountMinor, currency: 'CAD' as const },
        // The same for both operations, so that nothing but the operation tells them apart.
        referenceId: intentionOf(name),
        clientUrls: [],
      },
    };
    const answer = this.#startPayment[operation === 'LINK' ? 'createLink' : 'sendEmail'](call, silentLog);
    return Promise.race([answer, this.#died]);
  }

  /** One run of the job that ends what dead replicas left. */
  async sweep(): Promise<void> {
    try {
      await Promise.race([this.#store.expireStaleAttempts(), this.#died]);
    } catch (error) {
      if (!(error instanceof StoreUnavailableError)) throw error;
    }
  }

  /** Nothing of it happens any more, from now on. */
  kill(): void {
    this.dead = true;
    this.#die();
  }

  lateWritesEnded(): Promise<void> {
    return this.#late.whenIdle();
  }
}
