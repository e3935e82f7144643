import { type Sql, sql } from '../../sql/sql.ts';
import { chance, exponential, oneOf, pick, roll, unit } from './dice.ts';
import { TABLES } from './lake-spec.ts';
import { extend, where } from './pipeline.ts';
import { DAY, HOUR, HOURS_OF_WEEKDAY, HOURS_OF_WEEKEND, LONGEST_SESSION, SESSIONS, USERS } from './shape.ts';

/** A stretch of time, from its first millisecond since 1970 to the one after its last. */
export interface Slice {
  readonly from: number;
  readonly to: number;
}

/** No zone is further from UTC than this. */
const FURTHEST_BEHIND = 12 * HOUR;
const FURTHEST_AHEAD = 14 * HOUR;

/** Each hour as often as it has weight. */
const slotsOf = (weights: readonly number[]): number[] =>
  weights.flatMap((weight, hour) => Array.from({ length: weight }, () => hour));

const WEEKDAY_SLOTS = slotsOf(HOURS_OF_WEEKDAY);
const WEEKEND_SLOTS = slotsOf(HOURS_OF_WEEKEND);

/** Whether a user plays in a local year. The first user always does, so that the smallest lake has plays. */
export const isPresent = (userNumber: Sql, userDice: Sql, year: Sql): Sql =>
  sql`(${userNumber} = 0 OR NOT ${chance(roll(userDice, 'absent', year), USERS.absent)})`;

/** The mean number of listen rows of a session, podcasts included. */
export function meanSessionPlays(): number {
  const goesOn = Math.exp(-1 / SESSIONS.furtherPlays);
  const ofMusic = (1 - goesOn ** SESSIONS.mostPlays) / (1 - goesOn);
  const ofEpisodes = (1 + SESSIONS.mostEpisodes) / 2;
  const podcasts = USERS.listeningToPodcasts * SESSIONS.episodes;
  return (1 - podcasts) * ofMusic + podcasts * ofEpisodes;
}

/**
 * One row per session that can reach into a slice of time: `user_number`, `user_dice`, `genre`, `month` (local),
 * `session` (its hash), `started` (milliseconds since 1970), `podcast`, `private`, and `plays`, how many it has.
 */
export function selectSessions(slice: Slice): Sql {
  const [day, session] = [sql`day_dice`, sql`session`];
  const sessions = extend(
    selectDays(slice),
    { nth_session: sql`unnest(range(sessions))` },
    { session: roll(day, 'session', sql`nth_session`) },
    {
      hour: sql`CASE WHEN weekend THEN ${oneOf(roll(session, 'hour'), WEEKEND_SLOTS)}
        ELSE ${oneOf(roll(session, 'hour'), WEEKDAY_SLOTS)} END`,
    },
    { started: sql`midnight + (hour + hour_shift) % 24 * ${HOUR} + ${pick(roll(session, 'minute'), HOUR)}` },
  );
  const reaching = where(sessions, sql`started >= ${slice.from - LONGEST_SESSION} AND started < ${slice.to}`);
  const further = sql`floor(${SESSIONS.furtherPlays} * ${exponential(roll(session, 'session length'))})::BIGINT`;
  return sql`SELECT user_number, user_dice, genre, month, session, started, podcast, private, plays FROM (${extend(
    reaching,
    {
      podcast: sql`podcasts AND ${chance(roll(session, 'podcast'), SESSIONS.episodes)}`,
      private: sql`privacy AND ${chance(roll(session, 'private'), SESSIONS.private)}`,
    },
    {
      plays: sql`CASE WHEN podcast THEN 1 + ${pick(roll(session, 'session length'), SESSIONS.mostEpisodes)}
        ELSE least(${SESSIONS.mostPlays}, 1 + ${further}) END`,
    },
  )})`;
}

/** Users' local days with at least one session. */
function selectDays(slice: Slice): Sql {
  const firstDay = Math.floor((slice.from - FURTHEST_BEHIND - LONGEST_SESSION) / DAY);
  const lastDay = Math.floor((slice.to + FURTHEST_AHEAD) / DAY);
  const days = sql`
    SELECT users.number AS user_number, users.dice AS user_dice, genre, hour_shift, podcasts, privacy, sessions_a_day,
      days.month, days.year, days.weekend, days.load, days.midnight, ${roll(sql`users.dice`, 'day', sql`day`)} AS day_dice
    FROM ${TABLES.users} AS users JOIN ${TABLES.days} AS days USING (zone)
    WHERE day BETWEEN ${firstDay} AND ${lastDay} AND day >= joined`;
  const mean = sql`sessions_a_day * load * ${exponential(roll(sql`day_dice`, 'day load'))}`;
  const sessions = sql`floor(${mean} + ${unit(roll(sql`day_dice`, 'session count'))})::BIGINT`;
  return where(
    extend(days, { sessions: sql`least(${SESSIONS.mostOfDay}, ${sessions})` }),
    sql`sessions > 0 AND ${isPresent(sql`user_number`, sql`user_dice`, sql`year`)}`,
  );
}
