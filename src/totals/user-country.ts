import { sql } from '../sql/sql.ts';
import type { DerivedStep } from './step.ts';

/** The country of each user of whom the lake says one. */
export const userCountry: DerivedStep = {
  reads: ['user'],
  writes: ['user_country'],
  derive: ({ users, read, write }) =>
    write(
      'user_country',
      users === undefined
        ? sql`SELECT NULL::BIGINT AS user_year, NULL::VARCHAR AS country LIMIT 0`
        : sql`
            SELECT user_year, country FROM ${read('user')} JOIN (${users}) USING (user_id)
            WHERE country IS NOT NULL
            ORDER BY user_year`,
    ),
};
