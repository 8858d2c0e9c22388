/** wanted: somebody waits for the answer, or something tells that it will be another one. backlog: it is merely due. */
export type Urgency = 'wanted' | 'backlog';

/** A place in the line. */
export interface Turn {
  /** Resolves to true when it has come, and has to be ended then; to false when it was given up. */
  readonly come: Promise<boolean>;
  /** Somebody wants it now. */
  hurry(): void;
  /** Gives it up; false when it has come already. */
  leave(): boolean;
  end(): void;
}

/** Of the look-ups under way the backlog has so many at most, so that somebody who comes finds room. */
const BACKLOG_SHARE = 0.75;
/** After so many that are wanted the backlog has its turn. */
const MAX_PASSED_OVER = 3;

interface Place {
  urgency: Urgency;
  readonly begin: (hasCome: boolean) => void;
}

/**
 * Whose look-up is next. What is wanted goes before the backlog; of all that begin while both wait, the backlog has every fourth.
 * Among equals, who came first goes first.
 */
export class LookUpTurns {
  readonly #waiting: Record<Urgency, Place[]> = { wanted: [], backlog: [] };
  readonly #underWay: Record<Urgency, number> = { wanted: 0, backlog: 0 };
  readonly #maxBacklog: number;
  #passedOver = 0;

  constructor(private readonly maxUnderWay: number) {
    this.#maxBacklog = Math.max(1, Math.floor(maxUnderWay * BACKLOG_SHARE));
  }

  take(urgency: Urgency): Turn {
    let begin!: (hasCome: boolean) => void;
    const come = new Promise<boolean>((resolve) => (begin = resolve));
    const place: Place = { urgency, begin };
    this.#waiting[urgency].push(place);
    this.#beginNext();
    return {
      come,
      hurry: () => {
        if (place.urgency === 'wanted' || !this.#remove(place)) return;
        place.urgency = 'wanted';
        this.#waiting.wanted.push(place);
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
    for (let urgency = this.#next(); urgency !== undefined; urgency = this.#next()) {
      this.#underWay[urgency] += 1;
      this.#waiting[urgency].shift()?.begin(true);
    }
  }

  /** From which line the next one is; undefined when none may begin. */
  #next(): Urgency | undefined {
    const { wanted, backlog } = this.#underWay;
    if (wanted + backlog >= this.maxUnderWay) return undefined;
    const isWanted = this.#waiting.wanted.length > 0;
    if (this.#waiting.backlog.length === 0 || backlog >= this.#maxBacklog) return isWanted ? 'wanted' : undefined;
    this.#passedOver = isWanted && this.#passedOver < MAX_PASSED_OVER ? this.#passedOver + 1 : 0;
    return this.#passedOver > 0 ? 'wanted' : 'backlog';
  }
}
