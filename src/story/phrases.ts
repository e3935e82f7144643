/** What the definitions of several stories say alike. */

/** How every ranking begins; what follows are names. */
export const RANKED = 'by plays, then milliseconds (an unknown length adds 0)';

/** Of an entry's `ms`. */
export const MS_OF_PLAYS = '`ms` is of plays, and null where the length of any of them is unknown.';

/** Why stories that look back say nothing of a user's first year. */
export const FIRST_YEAR = 'the first year in the lake: what was heard before is unknown';
