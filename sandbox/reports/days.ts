const hourMs = 3_600_000;

/** Whether this is the name of a time zone. */
export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** Today's date in a time zone, as YYYY-MM-DD. */
export function today(timeZone: string): string {
  return localDates(timeZone)(Date.now());
}

/** The start of a day and of the following day as instants in ISO 8601 and UTC. */
export function boundsOfDay(date: string, timeZone: string): [from: string, to: string] {
  const nextDate = new Date(Date.parse(date) + 24 * hourMs).toISOString().slice(0, 10);
  return [startOfDay(date, timeZone), startOfDay(nextDate, timeZone)];
}

/** Binary search, so that midnights skipped by a clock change and missing days need no special treatment. */
function startOfDay(date: string, timeZone: string): string {
  const localDate = localDates(timeZone);
  // Zones range from UTC-12 to UTC+14, so a day starts everywhere after the first instant and by the second.
  let before = Date.parse(date) - 15 * hourMs;
  let within = Date.parse(date) + 12 * hourMs;
  while (within - before > 1) {
    const middle = Math.floor((before + within) / 2);
    if (localDate(middle) < date) before = middle;
    else within = middle;
  }
  return new Date(within).toISOString();
}

function localDates(timeZone: string): (at: number) => string {
  const format = new Intl.DateTimeFormat('en', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' });
  return (at) => {
    const parts = new Map(format.formatToParts(at).map(({ type, value }) => [type, value]));
    return `${parts.get('year')}-${parts.get('month')}-${parts.get('day')}`;
  };
}
