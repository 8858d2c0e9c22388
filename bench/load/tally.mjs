/** Counts outcomes and keeps their latencies. */
export class Tally {
  #latencies = new Map();
  #firstFailure;

  add(outcome, latencyMs, text) {
    const latencies = this.#latencies.get(outcome);
    if (latencies === undefined) this.#latencies.set(outcome, [latencyMs]);
    else latencies.push(latencyMs);
    if (outcome !== 'success') this.#firstFailure ??= text.slice(0, 500);
  }

  result() {
    return {
      completed: this.#latencies.get('success')?.length ?? 0,
      latencies: Object.fromEntries(this.#latencies),
      firstFailure: this.#firstFailure,
    };
  }
}
