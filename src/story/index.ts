export { ident, join, type Sql, sql } from '../sql/sql.ts';
export {
  AXES_DEFINED,
  AXES_OF_YEARS_DEFINED,
  AXES_READ,
  axesOfYears,
  axesType,
  FEWEST_PLAYS,
  FIXED_CUTS,
  listeningAxes,
  shownAxes,
} from './axes.ts';
export { type Decade, type DecadeContext, type DecadeRelations, defineDecade, NO_DECADE } from './decade.ts';
export { eraFields, erasBy } from './eras.ts';
export { byGroup, type Explained, explain, PAST_YEARS } from './explain.ts';
export { firstEver } from './first-ever.ts';
export {
  allOf,
  daysBetween,
  distinctMonths,
  firstHighest,
  hash64,
  isNewYear,
  jsonText,
  knownMs,
  listOf,
  listSum,
  lowerMiddle,
  median,
  monthOf,
  nameOrder,
  pick,
  ratio,
  ratioUp,
  struct,
  sumsBy,
  sumsOf,
  topRows,
  weekdayOf,
  wholeSum,
} from './helpers.ts';
export { hemisphereOf } from './hemisphere.ts';
export { firstHeard, knownSince, sameArtists, usersOf } from './past.ts';
export { CUTS_DEFINED, type Cuts, personalityFields, withPersonality } from './personality.ts';
export { FEWEST_PLAYS_OF_PHASE, LEADERS, mostAbove, PHASES, phasesOfYear } from './phases-of-year.ts';
export { FIRST_YEAR, MS_OF_PLAYS, RANKED } from './phrases.ts';
export { rankingDecade } from './ranking-decade.ts';
export { DAYS_READ, FEWEST_PLAYS_OF_DAY, REMARKABLE, remarkableDays } from './remarkable-days.ts';
export { IN_ORDER, runsOfDays, runsOfTwoDays, SESSION_GAP_MS } from './runs.ts';
export { artistFields, pickFields, shownArtist, shownTrack, trackFields } from './shown.ts';
export { skipsOfArtists, skipsOfUsers } from './skips.ts';
export {
  type AnyStory,
  defineStory,
  type Fact,
  GROUPS,
  type Group,
  isStoryId,
  type Past,
  type PastRelations,
  type Relations,
  ROW_PER,
  type Same,
  type Story,
  TOTALS,
  type TotalsName,
} from './story.ts';
export {
  boolean,
  type ColumnType,
  describeType,
  integer,
  list,
  nullable,
  number,
  type ObjectType,
  object,
  optional,
  sqlType,
  text,
  tidy,
  type ValueOf,
} from './types.ts';
