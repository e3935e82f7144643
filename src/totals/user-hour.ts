import { sql } from '../sql/sql.ts';
import { wholeSum } from '../story/index.ts';
import { addedUp, PLAYED } from './added-up.ts';
import { withRowsOfParts } from './merge.ts';
import type { PlaysStep } from './step.ts';

/** What a user listened to by local day and hour: in a pass of its own, which needs no names. */
export const userHour: PlaysStep = {
  reads: ['user'],
  writes: ['user_hour'],
  async build({ music, localTime, read, write }) {
    const { withClocks, hourOfYear, day, hour } = await localTime();
    const hours = sql`hours`;
    const users = withClocks(sql`SELECT user_year, user_id FROM ${read('user')}`);
    await write(
      'user_hour',
      sql`
        SELECT user_year, ${day(hours)} AS day, ${hour(hours)} AS hour, listens, plays, ms, unknown_lengths
        FROM (
          SELECT
            user_year,
            hours,
            count(*)::INTEGER AS listens,
            ${wholeSum(sql`is_play`)}::INTEGER AS plays,
            ${wholeSum(sql`coalesce(ms_played, 0)`)} AS ms,
            (count(*) - count(ms_played))::INTEGER AS unknown_lengths
          FROM (
            SELECT user_year, ms_played, is_play, ${hourOfYear(sql`epoch_ms(played_at)`)} AS hours
            FROM (${music}) JOIN (${users}) USING (user_id)
          )
          GROUP BY user_year, hours
        )
        ORDER BY user_year`,
    );
  },
  merge: (input) =>
    withRowsOfParts(input, undefined, (rowsOfParts) =>
      input.writeByUser(
        'user_hour',
        (_, bucket) =>
          sql`${addedUp('user_hour', rowsOfParts('user_hour', bucket), SUMS)} ORDER BY user_year`,
      ),
    ),
};

const SUMS = ['listens', ...PLAYED];
