/** A point on the process's monotonic clock by which something has to end. Changes of the wall clock do not move it. */
export class Deadline {
  private constructor(private readonly atMs: number) {}

  /** The deadline `ms` milliseconds from now. */
  static after(ms: number): Deadline {
    return new Deadline(performance.now() + ms);
  }

  /** Milliseconds until the deadline; 0 once it has passed. */
  remainingMs(): number {
    return Math.max(0, this.atMs - performance.now());
  }

  /** The earlier of this deadline and one `ms` milliseconds from now. */
  cappedAt(ms: number): Deadline {
    return new Deadline(Math.min(this.atMs, performance.now() + ms));
  }

  /** The result of `work`, or `late` if the deadline passes first. `work` itself continues. */
  async race<T>(work: Promise<T>, late: T): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const passed = new Promise<T>((resolve) => {
      timer = setTimeout(() => resolve(late), this.remainingMs());
    });
    try {
      return await Promise.race([work, passed]);
    } finally {
      clearTimeout(timer);
    }
  }
}
