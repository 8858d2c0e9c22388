/** The emulated endpoints of Flinks Pay. */
export const endpoints = ['authorize', 'initiate', 'sendrequest', 'activate', 'lookup', 'details', 'cancel'] as const;
/** Name of an emulated endpoint. */
export type Endpoint = (typeof endpoints)[number];

/** How the sandbox rated an API call: `ok`, the reason for a rejection, or `fault` if a fault prevented the work. */
export type ResultCode =
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

/** One API call. `status` is the HTTP status of the response, null if none was sent. */
export interface Entry {
  at: string;
  endpoint: Endpoint;
  result: ResultCode;
  status: number | null;
  detail?: string | undefined;
  fault?: string | undefined;
  referenceId?: string | undefined;
  amount?: string | undefined;
}

const entriesKept = 10_000;

/** Records the API calls and their results. Counts cover every call, entries only the latest 10,000. */
export class Journal {
  #entries: Entry[] = [];
  #calls = new Map<Endpoint, number>();
  #results = new Map<ResultCode, number>();
  #inFlight = new Set<object>();
  #maxInFlight = 0;

  /** Notes that a request has started. */
  begin(call: object): void {
    this.#inFlight.add(call);
    this.#maxInFlight = Math.max(this.#maxInFlight, this.#inFlight.size);
  }

  /** Notes that a request has ended; may be called repeatedly. */
  end(call: object): void {
    this.#inFlight.delete(call);
  }

  /** Adds an entry for a call. */
  record(entry: Omit<Entry, 'at'>): void {
    this.#entries.push({ at: new Date().toISOString(), ...entry });
    if (this.#entries.length > entriesKept) this.#entries.shift();
    this.#calls.set(entry.endpoint, (this.#calls.get(entry.endpoint) ?? 0) + 1);
    this.#results.set(entry.result, (this.#results.get(entry.result) ?? 0) + 1);
  }

  /** The journal as returned by `GET /sandbox/journal`. */
  report() {
    return {
      counts: { calls: Object.fromEntries(this.#calls), results: Object.fromEntries(this.#results) },
      inFlight: { now: this.#inFlight.size, max: this.#maxInFlight },
      entries: this.#entries,
    };
  }

  /** Removes all entries and counts. */
  clear(): void {
    this.#entries = [];
    this.#calls.clear();
    this.#results.clear();
    this.#maxInFlight = this.#inFlight.size;
  }
}
