import { Temporal } from 'temporal-polyfill';

/** Days, as YYYY-MM-DD, in the time zone of Flinks's daily files. Some have 23 or 25 hours. */
export class BusinessDays {
  constructor(private readonly timeZone: string) {}

  /** The first instants of a day and of the next one. Throws a RangeError for text that is not a day. */
  boundsOf(day: string): { readonly from: Date; readonly until: Date } {
    const date = Temporal.PlainDate.from(day);
    return { from: this.#startOf(date), until: this.#startOf(date.add({ days: 1 })) };
  }

  /** The day of an instant. */
  dayOf(at: Date): string {
    return Temporal.Instant.fromEpochMilliseconds(at.getTime())
      .toZonedDateTimeISO(this.timeZone)
      .toPlainDate()
      .toString();
  }

  /** The previous day. */
  dayBefore(day: string): string {
    return Temporal.PlainDate.from(day).subtract({ days: 1 }).toString();
  }

  /** Every day from `first` to `last`, both included. */
  *between(first: string, last: string): Generator<string> {
    const end = Temporal.PlainDate.from(last);
    for (
      let date = Temporal.PlainDate.from(first);
      Temporal.PlainDate.compare(date, end) <= 0;
      date = date.add({ days: 1 })
    )
      yield date.toString();
  }

  /** The instant of a local time, such as `2026-06-04T14:30`; the earlier of two where clocks are set back. */
  instantOf(localTime: string): Date {
    const { epochMilliseconds } = Temporal.PlainDateTime.from(localTime).toZonedDateTime(this.timeZone);
    return new Date(epochMilliseconds);
  }

  #startOf(date: Temporal.PlainDate): Date {
    return new Date(date.toZonedDateTime(this.timeZone).epochMilliseconds);
  }
}

/** Whether text is a day of the calendar, as YYYY-MM-DD. */
export function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  // The 30th of February becomes a day of March.
  const at = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text);
}
