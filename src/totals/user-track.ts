import type { Session } from '../sql/database.ts';
import { ident, type Sql, sql } from '../sql/sql.ts';
import { hash64 } from '../story/index.ts';
import { versionKey } from './names.ts';
import { isUnique, type TotalsStep } from './step.ts';

/**
 * The one shuffle: plays by user and track, sorted by user, so that what reads them meets each user's rows together.
 *
 * Plays are grouped by hashes of their names, since 64 bits are quicker to group by than text, and the groups, far fewer, then find their
 * numbers. That is exact: the hashes are salted until no two names of the year share one.
 */
export const userTrack: TotalsStep = {
  reads: ['user', 'track_version'],
  writes: ['user_track'],
  async build({ session, has, music, read, write }) {
    const users = await exactHash(session, read('user'), ['user_id']);
    const versions = await exactHash(session, read('track_version'), versionKey(has));
    const grouped = sql`
      SELECT user_year, number, plays, ms, unknown_lengths
      FROM (
        SELECT
          ${users} AS user_hash,
          ${versions} AS version_hash,
          count(*)::INTEGER AS plays,
          coalesce(sum(ms_played), 0)::BIGINT AS ms,
          (count(*) - count(ms_played))::INTEGER AS unknown_lengths
        FROM (${music})
        WHERE is_play
        GROUP BY user_hash, version_hash
      )
      JOIN (SELECT user_year, ${users} AS user_hash FROM ${read('user')}) USING (user_hash)
      JOIN (SELECT number, ${versions} AS version_hash FROM ${read('track_version')} WHERE number IS NOT NULL) USING (version_hash)`;
    const merged = sql`
      SELECT
        user_year, number, sum(plays)::INTEGER AS plays, sum(ms)::BIGINT AS ms, sum(unknown_lengths)::INTEGER AS unknown_lengths
      FROM (${grouped}) GROUP BY user_year, number`;
    await write(
      'user_track',
      sql`
        SELECT user_year, number AS track, plays, ms, unknown_lengths
        FROM (${(await isUnique(session, read('track_version'), 'number')) ? grouped : merged})
        ORDER BY user_year`,
    );
  },
};

/** A hash of the columns that tells all rows of the relation apart. */
async function exactHash(session: Session, rows: Sql, columns: readonly string[]): Promise<Sql> {
  for (let salt = 0; ; salt++) {
    const hash = hash64(
      columns.map((column) => (salt === 0 ? ident(column) : sql`${ident(column)} || ${`#${salt}`}`)),
    );
    const [found] = await session.rows<{ exact: boolean }>(
      sql`SELECT count(*) = count(DISTINCT ${hash}) AS exact FROM ${rows}`,
    );
    if (found?.exact) return hash;
  }
}
