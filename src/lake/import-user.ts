import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { WrappedError } from '../error.ts';
import { isThere } from '../files.ts';
import type { Session } from '../sql/database.ts';
import { sql } from '../sql/sql.ts';
import type { ImportLake } from './import-lake.ts';
import { globEscape } from './import-raw.ts';

const FOLDER = 'users';

/** A time zone's name as IANA writes it. Throws a WrappedError where there is none of that name. */
export function checkTimezone(name: string): string {
  try {
    const { timeZone } = new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions();
    // An old name resolves to a new one, which DuckDB may not have; only the capitals are to be mended.
    if (/^[a-z]/i.test(name)) return timeZone.toLowerCase() === name.toLowerCase() ? timeZone : name;
  } catch {
    // Falls through to the one error.
  }
  throw new WrappedError(`${JSON.stringify(name)} is not a time zone`, {
    hint: 'Give the name from the IANA database, such as --timezone Europe/Berlin.',
  });
}

/**
 * Sets a user's time zone in the lake, in a file of this user's own, so that no import of one user touches
 * another's. A file that says so already is left as it is.
 */
export async function publishUser(
  session: Session,
  lake: ImportLake,
  user: string,
  timezone: string,
): Promise<void> {
  // A hash, since an id may be of any length and letters, and some disks take "Me" and "me" for one name.
  const name = `${createHash('sha256').update(user).digest('hex').slice(0, 32)}.parquet`;
  const row = sql`SELECT ${user} AS user_id, ${timezone} AS timezone, CAST(NULL AS VARCHAR) AS country`;
  const there = join(lake.path, FOLDER, name);
  if (await isThere(there)) {
    const same = await session.rows(sql`FROM read_parquet(${globEscape(there)}) INTERSECT ${row}`);
    if (same.length > 0) return;
  }
  await lake.publish([await lake.stage(session, row, name)], FOLDER);
}
