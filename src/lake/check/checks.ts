/** How much of something may be found before it is too much: a number, or a share from 0 to 1. */
export type Limit = { readonly most: number } | { readonly share: number };

/** What a check counts, and how it says what it found: `12 of 120 months are empty`. */
interface Check {
  /** What is counted. */
  readonly unit: string;
  /** What is wrong with one of them, and with several. */
  readonly is: string;
  readonly are: string;
  readonly limit: Limit;
}

const NONE: Limit = { most: 0 };
const ANY: Limit = { share: 1 };

/** All that a lake is checked for, in the order in which it is said. */
export const CHECKS = {
  refused: {
    unit: 'lake',
    is: 'is one that a run refuses',
    are: 'are ones that a run refuses',
    limit: NONE,
  },
  unreadable: {
    unit: 'file of plays',
    is: 'is broken, and a run tells nothing of its year',
    are: 'are broken, and a run tells nothing of their years',
    limit: NONE,
  },
  gap: { unit: 'month', is: 'has no rows', are: 'have no rows', limit: NONE },
  thin: {
    unit: 'month',
    is: 'has less than a tenth of the rows of either month beside it',
    are: 'have less than a tenth of the rows of either month beside them',
    limit: ANY,
  },
  'no-user': { unit: 'row', is: 'has no user', are: 'have no user', limit: NONE },
  'no-time': { unit: 'row', is: 'has no time', are: 'have no time', limit: NONE },
  'no-track': {
    unit: 'row of music',
    is: 'has nothing that names its track',
    are: 'have nothing that names their track',
    limit: NONE,
  },
  'no-length': { unit: 'row of music', is: 'has no length', are: 'have no length', limit: ANY },
  'unknown-kind': {
    unit: 'row',
    is: 'is of a kind other than track, episode and audiobook',
    are: 'are of a kind other than track, episode and audiobook',
    limit: NONE,
  },
  'unknown-time-is': {
    unit: 'row',
    is: "has a time that is neither its 'start' nor its 'end', and is taken for its start",
    are: "have a time that is neither their 'start' nor their 'end', and is taken for their start",
    limit: NONE,
  },
  future: {
    unit: 'row',
    is: 'is of a time that is still to come',
    are: 'are of a time that is still to come',
    limit: NONE,
  },
  'bad-length': {
    unit: 'row',
    is: 'has a length below 0 or above 24 hours',
    are: 'have a length below 0 or above 24 hours',
    limit: NONE,
  },
  'longer-than-track': {
    unit: 'row with a track of known length',
    is: 'was listened to for longer than its track lasts',
    are: 'were listened to for longer than their track lasts',
    limit: { share: 0.01 },
  },
  duplicate: {
    unit: 'row',
    is: 'repeats another in user, time, track and length',
    are: 'repeat another in user, time, track and length',
    limit: NONE,
  },
  'beyond-human': {
    unit: 'day of a user',
    is: 'holds more than 24 hours of listening',
    are: 'hold more than 24 hours of listening',
    limit: NONE,
  },
} as const satisfies Record<string, Check>;

export type CheckId = keyof typeof CHECKS;

export const CHECK_IDS = Object.keys(CHECKS) as CheckId[];

/** What one check found. */
export interface Finding {
  readonly check: CheckId;
  /** Of what there is of it, how many are wrong. */
  readonly found: number;
  readonly of: number;
  readonly limit: Limit;
  /** The months, the first row, the longest day, or what a run says. */
  readonly examples: readonly string[];
}

/** A check that could not be made, and why. */
export interface Unchecked {
  readonly check: CheckId;
  readonly why: string;
}

/** Whether more was found than the limit allows. */
export const isOver = ({ found, of, limit }: Finding): boolean =>
  'most' in limit ? found > limit.most : found > limit.share * of;

/** `3`, `0.5%`; undefined where it is neither. */
export function parseLimit(text: string): Limit | undefined {
  const [, number, percent] = /^(\d+(?:\.\d+)?)(%?)$/.exec(text) ?? [];
  if (number === undefined) return undefined;
  const value = Number(number);
  if (percent === '%') return value <= 100 ? { share: value / 100 } : undefined;
  return Number.isSafeInteger(value) ? { most: value } : undefined;
}
