import type { Session } from '../sql/database.ts';
import { ident, sql } from '../sql/sql.ts';

/** Drops temporary tables that are of no more use, so that what comes next has their memory. */
export async function dropTables(session: Session, tables: readonly string[]): Promise<void> {
  for (const table of tables) await session.run(sql`DROP TABLE ${ident(table)}`);
}
