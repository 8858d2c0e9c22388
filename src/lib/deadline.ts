/** A point on the process's monotonic clock by which something has to be over. Changes of the wall clock do not move it. */
export class Deadline {
  private constructor(private readonly atMs: number) {}

  static after(ms: number): Deadline {
    return new Deadline(performance.now() + ms);
  }

  remainingMs(): number {
    return Math.max(0, this.atMs - performance.now());
  }

  /** The earlier of this deadline and one that starts now. */
  cappedAt(ms: number): Deadline {
    return new Deadline(Math.min(this.atMs, performance.now() + ms));
  }

  /** What `work` resolves to, or `late` when the deadline passes first. `work` itself goes on. */
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
