import type { Identity } from '../lake/lake.ts';
import { ident, type Sql, sql } from '../sql/sql.ts';
import { jsonText } from '../story/index.ts';
import { columns } from './group-plays.ts';

/**
 * What makes a track or an artist the same, as text, out of columns: in a service's lake the id, or without one the names; in a lake of
 * imports the names. Null where there is nothing to tell it by.
 */
export const sameIn =
  (identity: Identity) =>
  (id: string | undefined, names: readonly string[]): Sql => {
    const byNames = sql`CASE WHEN coalesce(${columns(names)}) IS NOT NULL THEN ${jsonText(sql`[${columns(names)}]`)} END`;
    return identity === 'track_id' && id !== undefined
      ? sql`CASE WHEN ${ident(id)} IS NOT NULL THEN 'id ' || ${ident(id)} ELSE ${byNames} END`
      : byNames;
  };
