/** The most urgent first. asked: a request waits, or a webhook event announced a change. backlog: merely due. */
const URGENCIES = ['asked', 'watched', 'backlog'] as const;
/** How urgent a lookup is. */
export type Urgency = (typeof URGENCIES)[number];

/** A place in the queue. */
export interface LookupSlot {
  /** Resolves to true once the slot is granted, and must be released then; to false if it was abandoned. */
  readonly granted: Promise<boolean>;
  /** Raises the urgency of a slot that is not granted yet. */
  expedite(urgency: Urgency): void;
  /** Leaves the queue. Returns false if the slot is granted already. */
  abandon(): boolean;
  /** Ends the use of a granted slot. */
  release(): void;
}

/** Maximum share of concurrent lookups for polling, so that a new request finds a free slot. */
const POLLED_SHARE = 0.75;
/** A queue gets the next slot after this number of lookups from other queues started while it waited. */
const MAX_PASSED_OVER = 3;

interface Waiter {
  urgency: Urgency;
  readonly grant: (isGranted: boolean) => void;
}

/** Grants slots by urgency, but every fourth to each queue that waits. Within a queue: first come, first served. */
export class LookupQueue {
  readonly #waiting: Record<Urgency, Waiter[]> = { asked: [], watched: [], backlog: [] };
  readonly #inFlight: Record<Urgency, number> = { asked: 0, watched: 0, backlog: 0 };
  readonly #passedOver: Record<Urgency, number> = { asked: 0, watched: 0, backlog: 0 };
  readonly #maxPolled: number;

  constructor(private readonly maxInFlight: number) {
    this.#maxPolled = Math.max(1, Math.floor(maxInFlight * POLLED_SHARE));
  }

  /** Joins the queue with this urgency. */
  enqueue(urgency: Urgency): LookupSlot {
    let grant!: (isGranted: boolean) => void;
    const granted = new Promise<boolean>((resolve) => (grant = resolve));
    const waiter: Waiter = { urgency, grant };
    this.#waiting[urgency].push(waiter);
    this.#grantNext();
    return {
      granted,
      expedite: (newUrgency) => {
        if (URGENCIES.indexOf(newUrgency) >= URGENCIES.indexOf(waiter.urgency) || !this.#remove(waiter)) return;
        waiter.urgency = newUrgency;
        this.#waiting[newUrgency].push(waiter);
        this.#grantNext();
      },
      abandon: () => {
        if (!this.#remove(waiter)) return false;
        grant(false);
        return true;
      },
      release: () => {
        this.#inFlight[waiter.urgency] -= 1;
        this.#grantNext();
      },
    };
  }

  #remove(waiter: Waiter): boolean {
    const queue = this.#waiting[waiter.urgency];
    const index = queue.indexOf(waiter);
    return index !== -1 && queue.splice(index, 1).length > 0;
  }

  #grantNext(): void {
    for (;;) {
      const ready = URGENCIES.filter((urgency) => this.#waiting[urgency].length > 0 && this.#hasRoom(urgency));
      const next = ready.findLast((urgency) => this.#passedOver[urgency] >= MAX_PASSED_OVER) ?? ready[0];
      if (next === undefined) return;
      for (const urgency of ready) this.#passedOver[urgency] += 1;
      this.#passedOver[next] = 0;
      this.#inFlight[next] += 1;
      this.#waiting[next].shift()?.grant(true);
    }
  }

  #hasRoom(urgency: Urgency): boolean {
    const { asked, watched, backlog } = this.#inFlight;
    const isFull = asked + watched + backlog >= this.maxInFlight;
    return !isFull && (urgency === 'asked' || watched + backlog < this.#maxPolled);
  }
}
