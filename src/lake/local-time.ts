import type { Session } from '../sql/database.ts';
import { ident, join, type Sql, sql } from '../sql/sql.ts';

/** A stretch of a year in which a zone's clocks stay what they are. */
interface Stretch {
  readonly zone: string;
  /** When it begins, in milliseconds since 1970. */
  readonly since: number;
  /** What to add to an instant of it, in milliseconds, to have the time that clocks have told since the year began. */
  readonly lead: number;
}

/** The clocks of a year's users. */
export interface LocalTime {
  /** `users`, a relation with a `user_id`, with columns beside it that {@link hourOfYear} needs. */
  readonly withClocks: (users: Sql) => Sql;
  /** The hour that a user's clock shows at an instant (milliseconds since 1970), counted from New Year: 34 at ten in the morning of January 2. */
  readonly hourOfYear: (instant: Sql) => Sql;
  /** The day of an hour of the year. */
  readonly day: (hourOfYear: Sql) => Sql;
  /** The hour of the day, 0 to 23, of an hour of the year. */
  readonly hour: (hourOfYear: Sql) => Sql;
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** Steps in which a change of clocks is looked for, each within the one before: to the second. */
const FINER = [HOUR_MS, 60_000, 1000];

/**
 * Clocks change a few times a year, so that each user gets these instants as columns, and a play compares its own with them: `AT TIME ZONE` per
 * play took 273 s for 50 M plays.
 * @param timezone the zone of users that `users` gives none
 */
export async function localTime(
  session: Session,
  options: {
    readonly year: number;
    readonly zones: readonly string[];
    readonly users: Sql | undefined;
    readonly timezone: string;
  },
): Promise<LocalTime> {
  const stretches = await stretchesOf(session, options.zones, options.year);
  const clocks = options.zones.map((zone) => stretches.filter((stretch) => stretch.zone === zone));
  const changes = Math.max(0, ...clocks.map((clock) => clock.length - 1));
  const later = Array.from({ length: changes }, (_, index) => index + 1);
  const rows = clocks.map(([first, ...rest]) => {
    const { zone, lead } = first as Stretch;
    const instants = [
      lead,
      ...later.flatMap((index) => [rest[index - 1]?.since ?? null, rest[index - 1]?.lead ?? null]),
    ];
    return sql`(${zone}, ${join(instants.map((instant) => sql`${instant}::BIGINT`))})`;
  });
  const columns = [
    ident('lead_0'),
    ...later.flatMap((index) => [ident(`since_${index}`), ident(`lead_${index}`)]),
  ];
  const users =
    options.users ??
    sql`SELECT NULL::VARCHAR AS user_id, NULL::VARCHAR AS timezone, NULL::VARCHAR AS country LIMIT 0`;
  return {
    withClocks: (some) => sql`
      SELECT listed.*, ${join(columns)}
      FROM (${some}) AS listed
      LEFT JOIN (${users}) AS users USING (user_id)
      JOIN (VALUES ${join(rows)}) AS clock(zone, ${join(columns)}) ON zone = coalesce(users.timezone, ${options.timezone})`,
    hourOfYear: (instant) => {
      const cases = [...later]
        .reverse()
        .map((index) => sql`WHEN ${instant} >= ${ident(`since_${index}`)} THEN ${ident(`lead_${index}`)}`);
      const lead = cases.length === 0 ? sql`lead_0` : sql`CASE ${join(cases, ' ')} ELSE lead_0 END`;
      return sql`((${instant} + ${lead}) // ${HOUR_MS})::SMALLINT`;
    },
    day: (hourOfYear) => sql`make_date(${options.year}, 1, 1) + (${hourOfYear} // 24)::INTEGER`,
    hour: (hourOfYear) => sql`(${hourOfYear} % 24)::TINYINT`,
  };
}

/** The stretches of a year in each zone, in order: found by the day, then ever finer. */
async function stretchesOf(session: Session, zones: readonly string[], year: number): Promise<Stretch[]> {
  const newYear = Date.UTC(year, 0, 1);
  const lead = sql`epoch_ms(timezone(zone, make_timestamptz(instant * 1000))) - instant - ${newYear}`;
  const at = (instants: Sql, from: Sql, beside: Sql) => sql`
    SELECT *, ${lead} AS lead FROM (SELECT zone, ${beside}, unnest(${instants}) AS instant FROM (${from}))`;
  const begun = sql`SELECT zone, epoch_ms(make_timestamptz(${year}, 1, 1, 0, 0, 0, zone)) AS starts FROM (VALUES ${join(zones.map((zone) => sql`(${zone})`))}) AS zones(zone)`;
  const byDay = at(sql`range(starts, starts + ${368 * DAY_MS}, ${DAY_MS})`, begun, sql`starts`);
  const changed = sql`
    SELECT zone, instant AS until, before FROM (
      SELECT *, lag(lead) OVER (PARTITION BY zone ORDER BY instant) AS before FROM (${byDay})
    ) WHERE lead <> before`;
  const coarse = [DAY_MS, ...FINER];
  const exactly = FINER.reduce(
    (found, step, index) => sql`
      SELECT zone, min(instant) AS until, before
      FROM (${at(sql`range(until - ${(coarse[index] as number) - step}, until + 1, ${step})`, found, sql`before, until`)})
      WHERE lead <> before
      GROUP BY zone, until, before`,
    changed,
  );
  const rows = await session.rows<{ zone: string; since: bigint; lead: bigint }>(sql`
    SELECT zone, instant AS since, ${lead} AS lead
    FROM (SELECT zone, starts AS instant FROM (${begun}) UNION ALL SELECT zone, until FROM (${exactly}))
    ORDER BY ALL`);
  return rows.map(({ zone, since, lead }) => ({ zone, since: Number(since), lead: Number(lead) }));
}
