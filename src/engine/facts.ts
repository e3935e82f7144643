import { type UnreadableFile, whyUnreadable, withoutBroken } from '../lake/broken-files.ts';
import { type Sql, sql } from '../sql/sql.ts';
import type { AnyStory, Fact } from '../story/index.ts';
import type { Workspace } from './workspace.ts';

const LACKS: Readonly<Record<Fact, string>> = {
  genres: 'the lake has no genres: `wrapped import --genres FILE.csv` adds them, or a table artist_genres',
  'release dates': 'the lake has no release dates: they stand in a table tracks, and an export has none',
  episodes: 'the lake has no podcast episodes',
};

/** The facts that stories need and that the lake has none of, and why. One row is enough. */
export async function lackingFacts(
  { tables, session, lake, years, broken }: Workspace,
  stories: readonly AnyStory[],
): Promise<Map<Fact, string>> {
  const lacking = new Map<Fact, string>();
  const { schema } = years;
  const hasRow = async (rows: Sql) => (await session.rows(sql`SELECT 1 FROM ${rows} LIMIT 1`)).length > 0;
  const findEpisode = (unreadable: readonly UnreadableFile[]) => {
    const files = lake.plays.filter(({ path }) => !unreadable.some((file) => file.path === path));
    return hasRow(sql`(${schema.select(files)}) WHERE kind = 'episode'`).catch(async (cause: unknown) => {
      throw await whyUnreadable(session, files, cause);
    });
  };
  const has: Record<Fact, () => Promise<boolean>> = {
    genres: async () =>
      tables.artist_genres !== undefined && hasRow(sql`(${tables.artist_genres}) WHERE genre IS NOT NULL`),
    'release dates': async () =>
      tables.tracks !== undefined && hasRow(sql`(${tables.tracks}) WHERE release_date IS NOT NULL`),
    episodes: async () => schema.has.has('kind') && withoutBroken(lake.plays, findEpisode, broken),
  };
  for (const need of new Set(stories.flatMap(({ needs }) => needs ?? [])))
    if (!(await has[need]())) lacking.set(need, LACKS[need]);
  return lacking;
}
