/** The most urgent first. asked: somebody waits for the answer, or news said that it will be another one. backlog: merely due. */
const URGENCIES = ['asked', 'watched', 'backlog'] as const;
export type Urgency = (typeof URGENCIES)[number];

/** A place in the line. */
export interface Turn {
  /** Resolves to true when it has come, and has to be ended then; to false when it was given up. */
  readonly come: Promise<boolean>;
  /** It may not wait as long as was thought. */
  hurry(urgency: Urgency): void;
  /** Gives it up; false when it has come already. */
  leave(): boolean;
  end(): void;
}

/** Of the look-ups under way so many at most are those that nobody waits for, so that somebody who comes finds room. */
const POLLED_SHARE = 0.75;
/** After so many others that began while it waited, a line has its turn. */
const MAX_PASSED_OVER = 3;

interface Place {
  urgency: Urgency;
  readonly begin: (hasCome: boolean) => void;
}

/**
 * Whose look-up is next: the most urgent, but one of four at least of each line that waits. Among equals, who came first goes
 * first.
 */
export class LookUpTurns {
  readonly #waiting: Record<Urgency, Place[]> = { asked: [], watched: [], backlog: [] };
  readonly #underWay: Record<Urgency, number> = { asked: 0, watched: 0, backlog: 0 };
  readonly #passedOver: Record<Urgency, number> = { asked: 0, watched: 0, backlog: 0 };
  readonly #maxPolled: number;

  constructor(private readonly maxUnderWay: number) {
    this.#maxPolled = Math.max(1, Math.floor(maxUnderWay * POLLED_SHARE));
  }

  take(urgency: Urgency): Turn {
    let begin!: (hasCome: boolean) => void;
    const come = new Promise<boolean>((resolve) => (begin = resolve));
    const place: Place = { urgency, begin };
    this.#waiting[urgency].push(place);
    this.#beginNext();
    return {
      come,
      hurry: (now) => {
        if (URGENCIES.indexOf(now) >= URGENCIES.indexOf(place.urgency) || !this.#remove(place)) return;
        place.urgency = now;
        this.#waiting[now].push(place);
        this.#beginNext();
      },
      leave: () => {
        if (!this.#remove(place)) return false;
        begin(false);
        return true;
      },
      end: () => {
        this.#underWay[place.urgency] -= 1;
        this.#beginNext();
      },
    };
  }

  #remove(place: Place): boolean {
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
      this.#underWay[next] += 1;
      this.#waiting[next].shift()?.begin(true);
    }
  }

  #hasRoom(urgency: Urgency): boolean {
    const { asked, watched, backlog } = this.#underWay;
    const isFull = asked + watched + backlog >= this.maxUnderWay;
    return !isFull && (urgency === 'asked' || watched + backlog < this.#maxPolled);
  }
}
