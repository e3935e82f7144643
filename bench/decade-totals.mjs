import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { openDuckDB } from './duckdb.mjs';

/** A session in which the totals of 2010 to 2019 of a store are views under their own names. */
export async function openTotals(store) {
  const session = await openDuckDB();
  const years = readdirSync(join(store, 'totals')).filter((year) => year >= '2010' && year <= '2019');
  for (const name of ['user', 'user_track', 'user_artist', 'track', 'artist']) {
    const files = years.map((year) => {
      const [print] = readdirSync(join(store, 'totals', year));
      return `'${join(store, 'totals', year, print, name, '*.parquet')}'`;
    });
    await session.run(`CREATE VIEW "${name}" AS SELECT * FROM read_parquet([${files}])`);
  }
  return session;
}
