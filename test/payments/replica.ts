import type { StartPaymentResult } from '../../src/domain/payment-results.js';
import { Sensitive } from '../../src/domain/sensitive.js';
import { StoreUnavailableError } from '../../src/domain/store-unavailable.js';
import { AttemptWaiter } from '../../src/payments/start/attempt-waiter.js';
import { Fingerprints } from '../../src/payments/start/fingerprints.js';
import { AttemptRunner } from '../../src/payments/start/attempt-runner.js';
import { DeferredWrites } from '../../src/payments/start/deferred-writes.js';
import { StartPayment } from '../../src/payments/start/start-payment.js';
import type { DataKeys } from '../../src/store/encryption/data-keys.js';
import type { AttemptStore } from '../../src/store/contracts/attempt-store.js';
import { silentLog } from '../support/silent-log.js';
import { FakeFlinks } from './fake-flinks.js';
import { FaultyAttempts } from './faulty-attempts.js';
import { Process, TIMEOUT_MS } from './simulated-environment.js';
import type { SimulatedEnvironment } from './simulated-environment.js';

export interface TestCall {
  /** `clientId operation key`. */
  readonly name: string;
  readonly amountMinor: number;
}

/** The client id and key of a call, whatever its operation. Also the reference of the payment. */
export function intentionOf(name: string): string {
  const [clientId = '', , key = ''] = name.split(' ');
  return `${clientId} ${key}`;
}

/** A replica composed as in production, except for Flinks, faults and time. */
export class Replica extends Process {
  readonly #deferredWrites = new DeferredWrites();
  readonly #store: AttemptStore;
  readonly #startPayment: StartPayment;
  #endCalls: () => void = () => undefined;
  readonly #crashed = new Promise<undefined>((resolve) => (this.#endCalls = () => resolve(undefined)));

  constructor(environment: SimulatedEnvironment, store: AttemptStore, keys: DataKeys) {
    super(environment);
    this.#store = new FaultyAttempts(store, environment, this);
    const attempts = new AttemptRunner(
      new FakeFlinks(environment, this),
      this.#store,
      this.#deferredWrites,
      TIMEOUT_MS,
    );
    const waiter = new AttemptWaiter(this.#store);
    const ignoreEvent = () => undefined;
    this.#startPayment = new StartPayment(
      this.#store,
      attempts,
      waiter,
      new Fingerprints(keys),
      TIMEOUT_MS,
      ignoreEvent,
    );
  }

  /** The result, or undefined if the replica crashes before it. */
  call({ name, amountMinor }: TestCall): Promise<StartPaymentResult | undefined> {
    const [clientId = '', operation, idempotencyKey = ''] = name.split(' ');
    const call = {
      clientId,
      idempotencyKey,
      allowDuplicate: false,
      request: {
        customer: { userId: 'user-1', name: new Sensitive('Zoé'), email: new Sensitive('zoe@example.com') },
        amount: { amountMinor, currency: 'CAD' as const },
        // The same for both operations, so that they differ in nothing but the operation.
        referenceId: intentionOf(name),
        clientUrls: [],
      },
    };
    const result = this.#startPayment[operation === 'LINK' ? 'createLink' : 'sendEmail'](call, silentLog);
    return Promise.race([result, this.#crashed]);
  }

  /** One run of the job that expires the attempts of crashed replicas. */
  async sweep(): Promise<void> {
    try {
      await Promise.race([this.#store.expireStaleAttempts(), this.#crashed]);
    } catch (error) {
      if (!(error instanceof StoreUnavailableError)) throw error;
    }
  }

  /** Crashes the replica: nothing of it happens any more. */
  kill(): void {
    this.hasCrashed = true;
    this.#endCalls();
  }

  whenDeferredWritesEnd(): Promise<void> {
    return this.#deferredWrites.whenIdle();
  }
}
