import { type Sql, sql } from '../../sql/sql.ts';
import { oneOf, roll } from './dice.ts';
import { ARTIST_PATTERNS, FIRST_WORDS, SECOND_WORDS } from './words.ts';

/** Odd, so that multiplying by it permutes the numbers below a power of two: neighbours get names that are far apart. */
const NAME_STEP = 40_503;
const PLAIN_NAMES = FIRST_WORDS.length * SECOND_WORDS.length * ARTIST_PATTERNS.length;

/** A title made of a pattern and two words, all rolled. */
export const titleOf = (dice: Sql, patterns: readonly string[]): Sql =>
  fillIn(
    oneOf(roll(dice, 'title'), patterns),
    oneOf(roll(dice, 'title', 1), FIRST_WORDS),
    oneOf(roll(dice, 'title', 2), SECOND_WORDS),
  );

/** The number of the name of artist `number` out of so many: each has its own. */
export const nameNumber = (number: Sql, artists: number): Sql =>
  sql`${number} * ${NAME_STEP} % ${Math.max(PLAIN_NAMES, 2 ** Math.ceil(Math.log2(artists)))}`;

/** The name with a number: a pattern and two words, and past the last of these a number behind it. */
export function artistName(name: Sql): Sql {
  const [firsts, seconds] = [FIRST_WORDS.length, SECOND_WORDS.length];
  const words = fillIn(
    sql`([${ARTIST_PATTERNS}])[1 + ${name} // ${firsts * seconds} % ${ARTIST_PATTERNS.length}]`,
    sql`([${FIRST_WORDS}])[1 + ${name} % ${firsts}]`,
    sql`([${SECOND_WORDS}])[1 + ${name} // ${firsts} % ${seconds}]`,
  );
  return sql`${words} || CASE WHEN ${name} < ${PLAIN_NAMES} THEN '' ELSE ' ' || ${name} // ${PLAIN_NAMES} END`;
}

/** A pattern with `1` and `2` replaced by words. */
const fillIn = (pattern: Sql, first: Sql, second: Sql): Sql =>
  sql`replace(replace(${pattern}, '1', ${first}), '2', ${second})`;
