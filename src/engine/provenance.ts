import { createHash } from 'node:crypto';
import { messageOf } from '../error.ts';
import { fingerprintFiles, type Identity, type Lake } from '../lake/lake.ts';
import type { YearSource } from '../lake/local-years.ts';
import { ident, type Sql } from '../sql/sql.ts';
import type { Provenance } from '../store/store.ts';
import { type AnyStory, type ColumnType, type Relations, TOTALS, type TotalsName } from '../story/index.ts';
import { TOTALS_VERSION } from '../totals/index.ts';

/** To be raised with every change of the rules that decide answers, such as what a play is. */
const RULES_VERSION = 1;

/** The rules of one lake, readable: `rules 1, UTC, track_id`. */
export const rulesOf = (timezone: string, identity: Identity): string =>
  `rules ${RULES_VERSION}, ${timezone}, ${identity}`;

/** What a year's totals are made of: the fingerprint of everything but genres, which only `artist_genre` reads, and of genres. */
export interface InputPrint {
  readonly plays: string;
  readonly genres: string;
}

export function inputPrint(lake: Lake, source: YearSource, rules: string): InputPrint {
  return {
    plays: hash([
      TOTALS_VERSION,
      rules,
      lake.layout,
      fingerprintFiles(lake.dir, source.files),
      fingerprintFiles(lake.dir, lake.tables.users ?? []),
      fingerprintFiles(lake.dir, lake.tables.tracks ?? []),
    ]),
    genres: hash([
      lake.layout.artist_genres ?? null,
      fingerprintFiles(lake.dir, lake.tables.artist_genres ?? []),
    ]),
  };
}

/** What a story's column of a year would be computed from. */
export function provenanceOf(story: AnyStory, input: InputPrint, rules: string): Provenance {
  const readsGenres = story.reads.includes('artist_genre') || story.needs?.includes('genres') === true;
  return {
    version: story.version,
    definition: definitionOf(() => [story.query(namedTotals())], story.column),
    rules,
    input: readsGenres ? `${input.plays}+${input.genres}` : input.plays,
  };
}

/** The fingerprint of all input but genres. */
export const playsPrint = ({ input }: Provenance): string => input.split('+', 1)[0] as string;

/** Every relation of totals under its own name, for the text of a query rather than its answer. */
export const namedTotals = (): Relations =>
  Object.fromEntries((Object.keys(TOTALS) as TotalsName[]).map((name) => [name, ident(name)])) as Relations;

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
