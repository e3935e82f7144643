import { type Sql, sql } from '../../sql/sql.ts';
import { pick, roll, zipf } from './dice.ts';
import { type LakeSpec, monthNumber, rootOf } from './lake-spec.ts';
import { titleOf } from './names.ts';
import { EPISODES, FLATNESS } from './shape.ts';
import { EPISODE_PATTERNS, SHOW_PATTERNS } from './words.ts';

const showDice = (spec: LakeSpec): Sql => roll(rootOf(spec), 'show', sql`show_number`);
const episodeDice = (spec: LakeSpec): Sql => roll(showDice(spec), 'episode', sql`episode_number`);

/** The number of the show that a play is of: one of the few that its user follows. */
export const showNumber = (): Sql =>
  zipf(
    roll(sql`user_dice`, 'show', pick(roll(sql`play`, 'show'), EPISODES.followed)),
    EPISODES.shows,
    FLATNESS.shows,
  );

/** The number of an episode that came out in the month of the play, counted from a year before the lake begins. */
export const episodeNumber = ({ years }: LakeSpec): Sql =>
  sql`1 + (month - ${monthNumber(years.from - 1, 1)}) * ${EPISODES.ofMonth} + ${pick(roll(sql`play`, 'episode'), EPISODES.ofMonth)}`;

/** The length of episode `episode_number` of show `show_number`, in milliseconds. */
export const episodeLength = (spec: LakeSpec): Sql =>
  sql`${EPISODES.shortest} + ${pick(roll(episodeDice(spec), 'length'), EPISODES.spread)}`;

/** The title of episode `episode_number` of show `show_number`. */
export const episodeTitle = (spec: LakeSpec): Sql =>
  sql`'#' || episode_number || ' ' || ${titleOf(episodeDice(spec), EPISODE_PATTERNS)}`;

/** The name of show `show_number`. */
export const showName = (spec: LakeSpec): Sql => titleOf(showDice(spec), SHOW_PATTERNS);
