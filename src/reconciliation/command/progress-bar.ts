const WIDTH = 24;
const REDRAW_MS = 100;
const ERASE_LINE = '\r\x1b[K';

/** The part of a terminal that the bar needs. */
interface Terminal {
  write(text: string): unknown;
}

/** Shows the progress of a long task on one line: share, speed and remaining time. */
export class ProgressBar {
  readonly #startedMs: number;
  #drawnMs = -REDRAW_MS;

  /** `nowMs`: a monotonic clock. */
  constructor(
    private readonly terminal: Terminal,
    private readonly nowMs: () => number = () => performance.now(),
  ) {
    this.#startedMs = nowMs();
  }

  /** Redraws the bar, at most every 100 ms. `share`: of the work, from 0 to 1; undefined when the total is unknown. */
  show(step: string, rows: number, share: number | undefined): void {
    const now = this.nowMs();
    if (now - this.#drawnMs < REDRAW_MS) return;
    this.#drawnMs = now;
    const seconds = (now - this.#startedMs) / 1_000;
    const rate = seconds > 0 ? `  ${inThousands(rows / seconds)} rows/s` : '';
    const remaining = share === undefined || share === 0 ? '' : `  ${minutes((seconds / share) * (1 - share))} left`;
    const bar = share === undefined ? '' : `  [${bars(share)}] ${Math.floor(share * 100)} %`;
    this.terminal.write(`${ERASE_LINE}${step}${bar}  ${inThousands(rows)} rows${rate}${remaining}`);
  }

  /** Erases the bar. */
  end(): void {
    this.terminal.write(ERASE_LINE);
  }
}

const bars = (share: number): string => '='.repeat(Math.round(share * WIDTH)).padEnd(WIDTH);
const inThousands = (count: number): string => Math.round(count).toLocaleString('en-CA');

function minutes(seconds: number): string {
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}
