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

/** Of {@link runsOfDays} those of two days or more: quicker where most days are alone, since only the others are grouped. */
export const runsOfTwoDays = ({ from, per }: { from: Sql; per: readonly string[] }): Sql => {
  const keys = join(per.map((name) => ident(name)));
  const second = sql`
    SELECT ${keys}, day
    FROM (SELECT ${keys}, day, lag(day) OVER (PARTITION BY ${keys} ORDER BY day) AS before FROM ${from})
    WHERE day = before + 1`;
  return sql`SELECT ${keys}, days + 1 AS days, first - 1 AS first, last FROM (${runsOfDays({ from: sql`(${second})`, per })})`;
};

/** Each user's plays in the order in which they began. */
export const IN_ORDER: Sql = sql`(PARTITION BY user_year ORDER BY started, ended, track)`;

/** A longer silence than this, in milliseconds, ends a session. */
export const SESSION_GAP_MS = 10 * 60_000;
