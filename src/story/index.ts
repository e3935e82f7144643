export { ident, join, type Sql, sql } from '../sql/sql.ts';
export {
  AXES_READ,
  axesOfYears,
  axesType,
  FEWEST_PLAYS,
  FIXED_CUTS,
  listeningAxes,
  shownAxes,
} from './axes.ts';
export type { Decade, DecadeContext, DecadeRelations } from './decade.ts';
export {
  hash64,
  jsonText,
  knownMs,
  listOf,
  median,
  nameOrder,
  ratio,
  struct,
  topRows,
  wholeSum,
} from './helpers.ts';
export { type Cuts, personalityFields, withPersonality } from './personality.ts';
export { rankingDecade } from './ranking-decade.ts';
export {
  type AnyStory,
  defineStory,
  type Fact,
  type Relations,
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
