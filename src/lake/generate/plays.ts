import { type Sql, sql } from '../../sql/sql.ts';
import { chance, pick, roll } from './dice.ts';
import { type LakeSpec, TABLES } from './lake-spec.ts';
import { extend } from './pipeline.ts';
import { episodeLength, episodeNumber, episodeTitle, showName, showNumber } from './podcasts.ts';
import { type Slice, selectSessions } from './sessions.ts';
import { PLAYS } from './shape.ts';
import { selectChoices } from './taste.ts';

/** What `played_at` is of a play: a service logs it when it ends. */
const TIME_IS = 'end';
const SOURCE = 'generated';

/** Of a millisecond. */
const MICROSECONDS = 1_000;

/**
 * Creates the table of the plays that end within a slice of time, in no order. Users' days, their sessions and the
 * plays of these follow from the user's hash alone, so that neighbouring slices share no play and miss none.
 */
export const createPlays = (spec: LakeSpec, slice: Slice): Sql => sql`
  CREATE OR REPLACE TEMP TABLE ${TABLES.plays} AS
  SELECT user_number, track_number, play, ended, listened, skipped, podcast, private, show_number, episode_number
  FROM (${selectTimed(spec, slice)})
  WHERE ${within(slice)}`;

/**
 * The lake's rows of `plays` in a slice of what `createPlays` made, in order of time. A track has its id alone; an
 * episode, which the table of tracks knows nothing of, its title and its show.
 */
export function selectPlaysFile(spec: LakeSpec, slice: Slice): Sql {
  const play = sql`play`;
  return sql`
    SELECT user_id, make_timestamptz(ended * ${MICROSECONDS}) AS played_at, ${TIME_IS} AS time_is,
      CASE WHEN NOT ${chance(roll(play, 'no length'), PLAYS.withoutLength)} THEN listened END AS ms_played,
      CASE WHEN podcast THEN 'episode' ELSE 'track' END AS kind,
      CASE WHEN podcast THEN ${episodeTitle(spec)} END AS track,
      CASE WHEN podcast THEN ${showName(spec)} END AS artist,
      CASE WHEN NOT podcast THEN track_id END AS track_id,
      private,
      CASE WHEN NOT ${chance(roll(play, 'no skipped'), PLAYS.withoutSkipped)} THEN skipped END AS skipped,
      ${SOURCE} AS source
    FROM ${TABLES.plays} AS plays
    JOIN ${TABLES.users} AS users ON users.number = user_number
    JOIN ${TABLES.tracks} AS tracks ON tracks.number = track_number
    WHERE ${within(slice)}
    ORDER BY ended, play`;
}

const within = (slice: Slice): Sql => sql`ended >= ${slice.from} AND ended < ${slice.to}`;

/** The plays of the sessions that can reach into a slice, with how much of each is heard and when that ends. */
function selectTimed(spec: LakeSpec, slice: Slice): Sql {
  const play = sql`play`;
  const ending = roll(play, 'ending');
  const chosen = sql`
    SELECT user_number, user_dice, session, nth_play, play, started, month, podcast, private, track_number, tracks.duration_ms
    FROM (${selectChoices(spec, selectSessions(slice))}) AS choices
    JOIN ${TABLES.tracks} AS tracks ON tracks.number = track_number`;
  return extend(
    chosen,
    {
      show_number: sql`CASE WHEN podcast THEN ${showNumber()} END`,
      episode_number: sql`CASE WHEN podcast THEN ${episodeNumber(spec)} END`,
    },
    { length: sql`CASE WHEN podcast THEN ${episodeLength(spec)} ELSE duration_ms END` },
    {
      listened: sql`CASE
        WHEN ${chance(ending, PLAYS.short)}
          THEN ${PLAYS.shortest} + ${pick(roll(play, 'listened'), PLAYS.shortLimit - PLAYS.shortest)}
        WHEN ${chance(ending, PLAYS.short + PLAYS.partial)}
          THEN ${PLAYS.shortLimit} + ${pick(roll(play, 'listened'), sql`length - ${PLAYS.shortLimit}`)}
        ELSE length END`,
      pause: sql`CASE WHEN ${chance(roll(play, 'pauses'), PLAYS.paused)}
        THEN ${pick(roll(play, 'pause'), PLAYS.longestPause)} ELSE ${pick(roll(play, 'pause'), PLAYS.gap)} END`,
    },
    {
      skipped: sql`listened < length`,
      ended: sql`started + (sum(pause + listened) OVER (
        PARTITION BY session ORDER BY nth_play ROWS UNBOUNDED PRECEDING))::BIGINT`,
    },
  );
}
