import type { PlaysColumnName } from '../lake/listen-row.ts';
import type { Session } from '../sql/database.ts';
import { ident, join, type Sql, sql } from '../sql/sql.ts';
import { hash64, wholeSum } from '../story/index.ts';
import type { PlaysInput } from './step.ts';

/** The columns of plays that may name a track. */
export const NAMING = [
  'track_id',
  'track',
  'artist',
  'artist_id',
] as const satisfies readonly PlaysColumnName[];

export type Naming = (typeof NAMING)[number];

/** Those that name it by more than an id. */
export const NAMES = NAMING.slice(1);

export const columns = (names: readonly string[]): Sql => join(names.map((name) => ident(name)));

/** What names a year's tracks, and the hash of it, an expression over plays. */
export interface Grouping {
  readonly key: readonly Naming[];
  readonly variantHash: Sql;
}

/**
 * Groups a year's plays by user and by what names their track, into temporary tables:
 *
 * - `grouped`: user_hash, variant_hash, plays, ms, unknown_lengths
 * - `listener`: user_hash, user_year
 * - `named`: variant_hash, plays, and those of {@link NAMING} that name the plays
 *
 * Groups are made by 64-bit hashes, which is quicker than by text; far fewer than the plays, they then find their names: in the catalogue
 * where plays give an id alone, else in the plays. Names that share a hash are told apart: where two do, all is done again with another salt.
 */
export async function groupPlays(input: PlaysInput): Promise<Grouping> {
  const key = await namingOf(input);
  let salt = 0;
  while (!(await groupWith(input, key, salt))) salt += 1;
  return { key, variantHash: hashOf(key, salt) };
}

/** The columns that name the year's tracks. Where all plays give ids alone, that is one column to hash and not four. */
async function namingOf({ session, has, read }: PlaysInput): Promise<readonly Naming[]> {
  const key = NAMING.filter((column) => has.has(column));
  if (!has.has('track_id')) return key;
  const named = await session.rows(sql`SELECT 1 FROM ${read('user')} WHERE names_tracks LIMIT 1`);
  return named.length === 0 ? ['track_id'] : key;
}

/** False where two users, or two names, share a hash. */
async function groupWith(
  { session, music, tracks, read }: PlaysInput,
  key: readonly Naming[],
  salt: number,
): Promise<boolean> {
  const user = hashOf(['user_id'], salt);
  const variant = hashOf(key, salt);

  await session.run(sql`
    CREATE OR REPLACE TEMP TABLE listener AS SELECT ${user} AS user_hash, user_year FROM ${read('user')}`);
  if (!(await isUnique(session, 'listener', 'user_hash'))) return false;

  await session.run(sql`
    CREATE OR REPLACE TEMP TABLE grouped AS
    SELECT
      ${user} AS user_hash,
      ${variant} AS variant_hash,
      count(*)::INTEGER AS plays,
      ${wholeSum(sql`coalesce(ms_played, 0)`)} AS ms,
      (count(*) FILTER (ms_played IS NULL))::INTEGER AS unknown_lengths
    FROM (${music})
    WHERE is_play
    GROUP BY user_hash, variant_hash`);
  await session.run(sql`
    CREATE OR REPLACE TEMP TABLE played AS
    SELECT variant_hash, ${wholeSum(sql`plays`)} AS plays FROM grouped GROUP BY variant_hash`);

  const idAlone = join(
    key.map((column) => (column === 'track_id' ? sql`track_id` : sql`NULL::VARCHAR AS ${ident(column)}`)),
  );
  const ids =
    tracks === undefined || !key.includes('track_id')
      ? sql`(SELECT NULL::VARCHAR AS track_id)`
      : sql`(${tracks})`;
  await session.run(sql`
    CREATE OR REPLACE TEMP TABLE named AS
    SELECT * FROM (
      SELECT ${variant} AS variant_hash, * FROM (SELECT ${idAlone} FROM ${ids} WHERE track_id IS NOT NULL)
    ) JOIN played USING (variant_hash)`);
  const [{ nameless = 0n } = {}] = await session.rows<{ nameless: bigint }>(
    sql`SELECT count(*) AS nameless FROM played ANTI JOIN named USING (variant_hash)`,
  );
  if (nameless > 0n) {
    await session.run(sql`
      INSERT INTO named BY NAME
      SELECT * FROM (
        SELECT ${variant} AS variant_hash, ${columns(key)} FROM (${music})
        WHERE is_play AND ${variant} IN (SELECT variant_hash FROM played ANTI JOIN named USING (variant_hash))
        GROUP BY ALL
      ) JOIN played USING (variant_hash)`);
  }
  await session.run(sql`DROP TABLE played`);
  return isUnique(session, 'named', 'variant_hash');
}

/** A hash of columns together. A salt other than 0 gives other hashes to all. */
const hashOf = (names: readonly string[], salt: number): Sql =>
  hash64(names.map((name) => (salt === 0 ? ident(name) : sql`${ident(name)} || ${`#${salt}`}`)));

async function isUnique(session: Session, table: string, column: string): Promise<boolean> {
  const [found] = await session.rows<{ unique: boolean }>(
    sql`SELECT count(*) = count(DISTINCT ${ident(column)}) AS "unique" FROM ${ident(table)}`,
  );
  return found?.unique === true;
}
