import { type Sql, sql } from '../../sql/sql.ts';
import { chance, exponential, oneOf, pick, roll, unit, zipf } from './dice.ts';
import { idOf, type LakeSpec, MONTHS, rootOf, TABLES, yearsOf } from './lake-spec.ts';
import { extend } from './pipeline.ts';
import { isPresent, meanSessionPlays } from './sessions.ts';
import { ACTIVITY, DAY, FLATNESS, MONTH_LOAD, USERS, WEEKDAY_LOAD } from './shape.ts';
import { GENRE_FAMILIES } from './words.ts';
import { ZONES } from './zones.ts';

const ZONE_SLOTS = ZONES.flatMap(({ weight }, zone) => Array.from({ length: weight }, () => zone));

/** Days since 1970 of a year's first day. */
const firstDayOf = (year: number): number => Date.UTC(year, 0, 1) / DAY;

/** Creates the table of users: who they are, and how often, when and what they like to play. */
export function createUsers(spec: LakeSpec): Sql {
  const dice = sql`dice`;
  const zoneOf = (property: 'timezone' | 'country') =>
    sql`([${ZONES.map((zone) => zone[property])}])[1 + zone]`;
  const sessions = (spec.users * spec.playsPerUser * yearsOf(spec)) / meanSessionPlays();
  const traits = extend(selectPeople(spec), {
    user_id: idOf(dice),
    timezone: sql`CASE WHEN NOT ${chance(roll(dice, 'no zone'), USERS.withoutZone)} THEN ${zoneOf('timezone')} END`,
    country: zoneOf('country'),
    hour_shift: pick(roll(dice, 'hour shift'), USERS.hourShift + 1),
    genre: zipf(roll(dice, 'home genre'), GENRE_FAMILIES.length, FLATNESS.homeGenres),
    podcasts: chance(roll(dice, 'podcasts'), USERS.listeningToPodcasts),
    privacy: chance(roll(dice, 'privacy'), USERS.usingPrivateSessions),
    sessions_a_day: sql`${sessions} * weight / (sum(weight * days) OVER ())::DOUBLE`,
  });
  return sql`CREATE TEMP TABLE ${TABLES.users} AS ${traits}`;
}

/** Users with their `zone`, the day they `joined`, their `weight` of activity, and the `days` on which they may play. */
function selectPeople(spec: LakeSpec): Sql {
  const { users, years } = spec;
  const [number, dice] = [sql`number`, sql`dice`];
  const [firstDay, endDay] = [firstDayOf(years.from), firstDayOf(years.to + 1)];
  const angle = sql`2 * pi() * ${unit(roll(dice, 'activity angle'))}`;
  const normal = sql`sqrt(2 * ${exponential(roll(dice, 'activity'))}) * cos(${angle})`;
  const limited = sql`greatest(-${ACTIVITY.limit}, least(${ACTIVITY.limit}, ${normal}))`;
  const joinsLater = sql`number > 0 AND ${chance(roll(dice, 'joins later'), USERS.joiningLater)}`;
  const people = extend(
    sql`SELECT range AS number FROM range(${users})`,
    { dice: roll(rootOf(spec), 'user', number) },
    {
      weight: sql`(${ACTIVITY.units} * exp(${ACTIVITY.spread} * ${limited}))::BIGINT`,
      joined: sql`CASE WHEN ${joinsLater} THEN ${firstDay} + ${pick(roll(dice, 'joined'), endDay - firstDay)} ELSE 0 END`,
      zone: oneOf(roll(dice, 'zone'), ZONE_SLOTS),
    },
  );
  const yearRows = Array.from({ length: yearsOf(spec) }, (_, nth) => years.from + nth).map(
    (year) => sql`(${year}, ${firstDayOf(year)}, ${firstDayOf(year + 1)})`,
  );
  return sql`
    SELECT number, dice, weight, joined, zone, sum(CASE WHEN ${isPresent(number, dice, sql`year`)}
      THEN greatest(0, year_end - greatest(joined, year_start)) ELSE 0 END)::BIGINT AS days
    FROM (${people}) CROSS JOIN (VALUES ${yearRows}) AS years(year, year_start, year_end)
    GROUP BY ALL`;
}

/** The lake's table `users`. */
export const selectUsers = (): Sql => sql`
  SELECT user_id, timezone, country FROM ${TABLES.users} ORDER BY number`;

/**
 * Creates the table of each zone's local days, from a day before the first year to one after the last. The offset of
 * a whole day is that of its noon: a conversion per play would take longer than all the rest.
 */
export function createDays({ years }: LakeSpec): Sql {
  return sql`
    CREATE TEMP TABLE ${TABLES.days} AS
    SELECT zone, day, year(date) AS year, year(date) * ${MONTHS} + month(date) - 1 AS month,
      dayofweek(date) IN (0, 6) AS weekend,
      ([${WEEKDAY_LOAD}])[1 + dayofweek(date)] * ([${MONTH_LOAD}])[month(date)] AS load,
      epoch_ms((date + INTERVAL 12 HOUR) AT TIME ZONE timezone) - ${DAY / 2} AS midnight
    FROM (VALUES ${ZONES.map(({ timezone }, zone) => sql`(${zone}, ${timezone})`)}) AS zones(zone, timezone)
    CROSS JOIN (
      SELECT range AS day, DATE '1970-01-01' + range::INTEGER AS date
      FROM range(${firstDayOf(years.from) - 1}, ${firstDayOf(years.to + 1) + 1}))`;
}
