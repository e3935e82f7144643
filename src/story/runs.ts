import { ident, join, type Sql, sql } from '../sql/sql.ts';

/**
 * Runs of days on end, out of rows of distinct days: what `per` names, `days` (how many), `first` and `last`.
 */
export const runsOfDays = ({ from, per }: { from: Sql; per: readonly string[] }): Sql => {
  const keys = join(per.map((name) => ident(name)));
  return sql`
    SELECT ${keys}, count(*) AS days, min(day) AS first, max(day) AS last
    FROM (SELECT ${keys}, day, day - row_number() OVER (PARTITION BY ${keys} ORDER BY day)::INTEGER AS run FROM ${from})
    GROUP BY ${keys}, run`;
};

/** Each user's plays in the order in which they began. */
export const IN_ORDER: Sql = sql`(PARTITION BY user_year ORDER BY started, ended, track)`;
