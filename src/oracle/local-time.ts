const formats = new Map<string, Intl.DateTimeFormat>();

/** What a clock and a calendar in an IANA zone show at an instant. */
export interface LocalTime {
  /** '2019-07-01' */
  day: string;
  /** 0 to 23 */
  hour: number;
}

/** The local time of an instant (milliseconds since 1970). Throws RangeError for an unknown zone. */
export function localTime(instant: number, timezone: string): LocalTime {
  let format = formats.get(timezone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('en-US', {
      timeZone: timezone,
      calendar: 'gregory',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      hourCycle: 'h23',
    });
    formats.set(timezone, format);
  }
  const parts = Object.fromEntries(format.formatToParts(instant).map(({ type, value }) => [type, value]));
  const { year, month, day, hour } = parts as Record<'year' | 'month' | 'day' | 'hour', string>;
  return { day: `${year}-${month}-${day}`, hour: Number(hour) };
}
