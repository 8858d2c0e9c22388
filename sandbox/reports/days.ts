const hourMs = 3_600_000;

export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

export function today(timeZone: string): string {
  return localDates(timeZone)(Date.now());
}

/** The instants between which a day lies, the first within it and the second not, in ISO 8601 and UTC. */
export function boundsOfDay(date: string, timeZone: string): [from: string, to: string] {
  const nextDate = new Date(Date.parse(date) + 24 * hourMs).toISOString().slice(0, 10);
  return [startOfDay(date, timeZone), startOfDay(nextDate, timeZone)];
}

/** Found by halving, so that neither midnights that a change of clocks skips nor days that are missing are special. */
function startOfDay(date: string, timeZone: string): string {
  const localDate = localDates(timeZone);
  // Zones lie between UTC-12 and UTC+14, so everywhere the day starts after the first and by the second instant.
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
