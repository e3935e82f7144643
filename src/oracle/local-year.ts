const yearFormats = new Map<string, Intl.DateTimeFormat>();

/**
 * The calendar year of an instant (milliseconds since 1970) in an IANA zone. Throws RangeError for an
 * unknown zone.
 */
export function localYear(instant: number, timezone: string): number {
  let format = yearFormats.get(timezone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-US', { timeZone: timezone, calendar: 'gregory', year: 'numeric' });
    yearFormats.set(timezone, format);
  }
  return Number(format.format(instant));
}
