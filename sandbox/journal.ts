export const endpoints = ['authorize', 'initiate', 'sendrequest', 'activate', 'lookup', 'details', 'cancel'] as const;
export type Endpoint = (typeof endpoints)[number];

export type Verdict =
  | 'ok'
  | 'wrong-credentials'
  | 'wrong-grant'
  | 'wrong-content-type'
  | 'missing-token'
  | 'unknown-token'
  | 'expired-token'
  | 'reused-token'
  | 'missing-base-uri'
  | 'wrong-base-uri'
  | 'malformed-body'
  | 'missing-field'
  | 'invalid-field'
  | 'unknown-session'
  | 'double-activation'
  | 'session-ended'
  | 'switched-off'
  | 'unknown-payment-request'
  | 'fault';

/** One API call. `status` is what the caller was sent, null when it was sent nothing. */
export interface Entry {
  at: string;
  endpoint: Endpoint;
  result: Verdict;
  status: number | null;
  detail?: string | undefined;
  fault?: string | undefined;
  referenceId?: string | undefined;
  amount?: string | undefined;
}

const entriesKept = 10_000;

/** What was asked and how it was judged. Counts cover every call, entries only the latest. */
export class Journal {
  #entries: Entry[] = [];
  #calls = new Map<Endpoint, number>();
  #verdicts = new Map<Verdict, number>();
  #underWay = new Set<object>();
  #mostUnderWay = 0;

  begin(call: object): void {
    this.#underWay.add(call);
    this.#mostUnderWay = Math.max(this.#mostUnderWay, this.#underWay.size);
  }

  end(call: object): void {
    this.#underWay.delete(call);
  }

  record(entry: Omit<Entry, 'at'>): void {
    this.#entries.push({ at: new Date().toISOString(), ...entry });
    if (this.#entries.length > entriesKept) this.#entries.shift();
    this.#calls.set(entry.endpoint, (this.#calls.get(entry.endpoint) ?? 0) + 1);
    this.#verdicts.set(entry.result, (this.#verdicts.get(entry.result) ?? 0) + 1);
  }

  report() {
    return {
      counts: { calls: Object.fromEntries(this.#calls), verdicts: Object.fromEntries(this.#verdicts) },
      inFlight: { now: this.#underWay.size, most: this.#mostUnderWay },
      entries: this.#entries,
    };
  }

  clear(): void {
    this.#entries = [];
    this.#calls.clear();
    this.#verdicts.clear();
    this.#mostUnderWay = this.#underWay.size;
  }
}
