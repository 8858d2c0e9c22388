/** The most urgent first. asked: somebody waits for the answer, or news said that it will be another one. backlog: merely due. */
const URGENCIES = ['asked', 'watched', 'backlog'] as const;
export type Urgency = (typeof URGENCIES)[number];

/** A place in the line. */
export interface LookupSlot {
  /** Resolves to true when it has come, and has to be ended then; to false when it was given up. */
  readonly granted: Promise<boolean>;
  /** It may not wait as long as was thought. */
  expedite(urgency: Urgency): void;
  /** Gives it up; false when it has come already. */
  abandon(): boolean;
  release(): void;
}

/** Of the lookups under way so many at most are those that nobody waits for, so that somebody who comes finds room. */
const POLLED_SHARE = 0.75;
/** After so many others that began while it waited, a line has its turn. */
const MAX_PASSED_OVER = 3;

interface Waiter {
  urgency: Urgency;
  readonly grant: (hasCome: boolean) => void;
}

/**
 * Whose lookup is next: the most urgent, but one of four at least of each line that waits. Among equals, who came first goes
 * first.
 */
export class LookupQueue {
  readonly #waiting: Record<Urgency, Waiter[]> = { asked: [], watched: [], backlog: [] };
  readonly #inFlight: Record<Urgency, number> = { asked: 0, watched: 0, backlog: 0 };
  readonly #passedOver: Record<Urgency, number> = { asked: 0, watched: 0, backlog: 0 };
  readonly #maxPolled: number;

  constructor(private readonly maxInFlight: number) {
    this.#maxPolled = Math.max(1, Math.floor(maxInFlight * POLLED_SHARE));
  }

  enqueue(urgency: Urgency): LookupSlot {
    let begin!: (hasCome: boolean) => void;
    const come = new Promise<boolean>((resolve) => (begin = resolve));
    const place: Waiter = { urgency, grant: begin };
    this.#waiting[urgency].push(place);
    this.#beginNext();
    return {
      granted: come,
      expedite: (now) => {
        if (URGENCIES.indexOf(now) >= URGENCIES.indexOf(place.urgency) || !this.#remove(place)) return;
        place.urgency = now;
        this.#waiting[now].push(place);
        this.#beginNext();
      },
      abandon: () => {
        if (!this.#remove(place)) return false;
        begin(false);
        return true;
      },
      release: () => {
        this.#inFlight[place.urgency] -= 1;
        this.#beginNext();
      },
    };
  }

  #remove(place: Waiter): boolean {
    const line = this.#waiting[place.urgency];
    const index = line.indexOf(place);
    if (index !== -1) line.splice(index, 1);
    return index !== -1;
  }

  #beginNext(): void {
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
