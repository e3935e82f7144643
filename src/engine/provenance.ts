import { createHash } from 'node:crypto';
import { messageOf } from '../error.ts';
import { fingerprintFiles, type Identity, type Lake, type PlaysFile } from '../lake/lake.ts';
import { ident, type Sql } from '../sql/sql.ts';
import type { Provenance } from '../store/store.ts';
import {
  type AnyStory,
  type ColumnType,
  type PastRelations,
  type Relations,
  TOTALS,
  type TotalsName,
} from '../story/index.ts';
import { sameIn } from '../totals/identity.ts';
import { isOfGenres, TOTALS_VERSION } from '../totals/index.ts';
import { listYears } from '../years.ts';
import type { Forgotten } from './forgotten.ts';

/** To be raised with every change of the rules that decide answers, such as what a play is. */
const RULES_VERSION = 1;

/** The rules of one lake, readable: `rules 1, UTC, track_id`, and how many users are left out. */
export const rulesOf = (timezone: string, identity: Identity, forgotten: Forgotten): string =>
  `rules ${RULES_VERSION}, ${timezone}, ${identity}${
    forgotten.size === 0 ? '' : `${WITHOUT}${forgotten.size} forgotten (${forgotten.print})`
  }`;

/** What comes after it is of forgotten users. */
const WITHOUT = '; without ';

/** Rules but for who is forgotten. */
export const baseOf = (rules: string): string => rules.split(WITHOUT)[0] as string;

/**
 * Of a column that users were taken out of afterwards: others' values count them still, and there is no list of forgotten users that it
 * would be made of, this one or an earlier one.
 */
export const lessUsers = (from: Provenance): Provenance => ({
  ...from,
  rules: `${baseOf(from.rules)}${WITHOUT}users who were forgotten after it was made`,
});

/** What a year's totals are made of: the fingerprint of everything but genres, and of genres. */
export interface InputPrint {
  readonly plays: string;
  readonly genres: string;
}

/** The fingerprint of what decides about totals beside files. */
export const totalsRules = ({ layout }: Lake, rules: string): string => hash([TOTALS_VERSION, rules, layout]);

export function inputPrint(lake: Lake, files: readonly PlaysFile[], rules: string): InputPrint {
  return {
    plays: hash([
      totalsRules(lake, rules),
      fingerprintFiles(lake.dir, files),
      fingerprintFiles(lake.dir, lake.tables.users ?? []),
      fingerprintFiles(lake.dir, lake.tables.tracks ?? []),
    ]),
    genres: hash([
      lake.layout.artist_genres ?? null,
      fingerprintFiles(lake.dir, lake.tables.artist_genres ?? []),
    ]),
  };
}

/**
 * What a story's column of a year would be computed from.
 * @param past the other years that the story reads, and their input
 */
export function provenanceOf(
  story: AnyStory,
  input: InputPrint,
  rules: string,
  past: readonly (readonly [year: number, input: InputPrint])[] = [],
): Provenance {
  const reads: readonly string[] = [...story.reads, ...(story.past?.reads ?? [])];
  const readsGenres = reads.some(isOfGenres) || story.needs?.includes('genres') === true;
  return {
    version: story.version,
    definition: definitionOfStory(story),
    rules,
    input: [
      input.plays,
      readsGenres ? `+${input.genres}` : '',
      ...past.map(([year, { plays }]) => `<${year}:${plays}`),
    ].join(''),
  };
}

/** What differs between two inputs of a column, for a person: the year's own plays are `changed`, or the genres are, or another year's plays. */
export function whatDiffers(
  before: Provenance,
  after: Provenance,
  changed: string | undefined,
): string | undefined {
  const [was, is] = [partsOf(before), partsOf(after)];
  if (was.plays !== is.plays) return changed;
  if (was.genres !== is.genres) return 'the genres';
  const years = [...new Set([...was.past.keys(), ...is.past.keys()])].filter(
    (year) => was.past.get(year) !== is.past.get(year),
  );
  return `plays of ${listYears(years.sort((a, b) => a - b))}, which it reads too`;
}

/** An input's fingerprints: of all but genres, of genres, and of the other years. */
function partsOf({ input }: Provenance) {
  const [own = '', ...others] = input.split('<');
  const [plays, genres] = own.split('+');
  const past = others.map((text) => text.split(':')).map(([year, print]) => [Number(year), print] as const);
  return { plays, genres, past: new Map(past) };
}

const definitions = new WeakMap<AnyStory, string>();

/** The same for every year, and asked for each. */
function definitionOfStory(story: AnyStory): string {
  const known =
    definitions.get(story) ?? definitionOf(() => [story.query(namedTotals(), PAST_NAMED)], story.column);
  definitions.set(story, known);
  return known;
}

/** Every relation of totals under its own name, for the text of a query rather than its answer. */
export const namedTotals = (): Relations =>
  Object.fromEntries((Object.keys(TOTALS) as TotalsName[]).map((name) => [name, ident(name)])) as Relations;

/** The same of other years, whose relations have the names of this year's with `past_` before. */
const PAST_NAMED: PastRelations = {
  ...(Object.fromEntries(
    (Object.keys(TOTALS) as TotalsName[]).map((name) => [name, ident(`past_${name}`)]),
  ) as Relations),
  same: sameIn('title'),
  since: 0,
};

/** The fingerprint of a column's queries and type. A story whose query throws fails when it is computed; a plan of all must not fail with it. */
export function definitionOf(queries: () => readonly (Sql | undefined)[], column: ColumnType): string {
  try {
    return hash([queries().map((query) => query?.text ?? null), column]);
  } catch (error) {
    return hash([messageOf(error), column]);
  }
}

/** A fingerprint of anything that JSON can hold. */
export const hash = (parts: readonly unknown[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 16);
