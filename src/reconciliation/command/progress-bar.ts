const WIDTH = 24;
const REDRAW_MS = 100;
const ERASE_LINE = '\r\x1b[K';

/** Where the bar is drawn: a terminal. */
interface Terminal {
  write(text: string): unknown;
}

/** Shows how far a long work has come, how fast it goes, and how long it will take. */
export class ProgressBar {
  readonly #startedMs: number;
  #drawnMs = -REDRAW_MS;

  /** `nowMs`: a clock that only goes forward. */
  constructor(
    private readonly terminal: Terminal,
    private readonly nowMs: () => number = () => performance.now(),
  ) {
    this.#startedMs = nowMs();
  }

  /** `share`: how much of the work is done, from 0 to 1; undefined when nobody knows how much there is. */
  show(step: string, rows: number, share: number | undefined): void {
    const now = this.nowMs();
    if (now - this.#drawnMs < REDRAW_MS) return;
    this.#drawnMs = now;
    const seconds = (now - this.#startedMs) / 1_000;
    const rate = seconds > 0 ? `  ${inThousands(rows / seconds)} rows/s` : '';
    const left = share === undefined || share === 0 ? '' : `  ${minutes((seconds / share) * (1 - share))} left`;
    const bar = share === undefined ? '' : `  [${bars(share)}] ${Math.floor(share * 100)} %`;
    this.terminal.write(`${ERASE_LINE}${step}${bar}  ${inThousands(rows)} rows${rate}${left}`);
  }

  end(): void {
    this.terminal.write(ERASE_LINE);
  }
}

function bars(share: number): string {
  return '='.repeat(Math.round(share * WIDTH)).padEnd(WIDTH);
}

function inThousands(count: number): string {
  return Math.round(count).toLocaleString('en-CA');
}

function minutes(seconds: number): string {
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}
