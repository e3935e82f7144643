import type { Sql } from '../sql/sql.ts';
import type { Decade } from './decade.ts';
import type { ObjectType } from './types.ts';

/**
 * The totals that a story may read, with the SQL types of their columns: each a relation keyed by user and year, or a dictionary.
 * Numbers (`user_year`, `track`, `artist`, `genre`) belong to one year each, and stand in the order of the names they number.
 * `ms` is the milliseconds of all known lengths, `unknown_lengths` how many are not known.
 */
export const TOTALS = {
  /** One row per user with music in the year: of all music listen rows, but for `plays`. */
  user: {
    user_year: 'BIGINT',
    year: 'INTEGER',
    user_id: 'VARCHAR',
    listens: 'BIGINT',
    plays: 'BIGINT',
    ms: 'BIGINT',
    unknown_lengths: 'BIGINT',
  },
  /** One row per user whose country the lake says, as it says it. */
  user_country: { user_year: 'BIGINT', country: 'VARCHAR' },
  /** One row per user, local day and hour (0 to 23) with music: of all music listen rows, but for `plays`. */
  user_hour: {
    user_year: 'BIGINT',
    day: 'DATE',
    hour: 'TINYINT',
    listens: 'INTEGER',
    plays: 'INTEGER',
    ms: 'BIGINT',
    unknown_lengths: 'INTEGER',
  },
  /**
   * One row per play: when it began and ended in milliseconds since 1970 (the same where its length is unknown), and the local day and
   * hour of the time that its source gives. `track` is null where nothing identifies it; `artist`, its track's, where none is known.
   */
  timeline: {
    user_year: 'BIGINT',
    track: 'BIGINT',
    artist: 'BIGINT',
    day: 'DATE',
    hour: 'TINYINT',
    started: 'BIGINT',
    ended: 'BIGINT',
  },
  /**
   * One row per play, of those before which a session begins (`begins`: more than 10 minutes without a play; `silent_since`: when the last of
   * all plays before ended, null of the first), of those that repeat the play before (`repeats`; `day_before`: of that one), and of the last of the
   * year (`is_last`). `place`: numbers plays in the order in which they began, then ended: it goes up by one from each of a
   * user's plays to the next, and begins anywhere.
   */
  user_turn: {
    user_year: 'BIGINT',
    place: 'BIGINT',
    track: 'BIGINT',
    day: 'DATE',
    started: 'BIGINT',
    ended: 'BIGINT',
    silent_since: 'BIGINT',
    begins: 'BOOLEAN',
    repeats: 'BOOLEAN',
    day_before: 'DATE',
    is_last: 'BOOLEAN',
  },
  /** One row per user and track played: of plays alone. */
  user_track: {
    user_year: 'BIGINT',
    track: 'BIGINT',
    plays: 'INTEGER',
    ms: 'BIGINT',
    unknown_lengths: 'INTEGER',
  },
  /** One row per user and artist played: of plays alone. */
  user_artist: {
    user_year: 'BIGINT',
    artist: 'BIGINT',
    plays: 'INTEGER',
    ms: 'BIGINT',
    unknown_lengths: 'INTEGER',
  },
  /** One row per user and artist played: the local days of its first and last play, and in how many months it was played. */
  user_artist_days: {
    user_year: 'BIGINT',
    artist: 'BIGINT',
    first_day: 'DATE',
    last_day: 'DATE',
    months: 'TINYINT',
  },
  /** One row per user and album played: of plays alone. `tracks`: how many of its tracks. */
  user_album: {
    user_year: 'BIGINT',
    album: 'BIGINT',
    plays: 'INTEGER',
    ms: 'BIGINT',
    unknown_lengths: 'INTEGER',
    tracks: 'INTEGER',
  },
  /** One row per user and year of release: of plays alone. `track`: of those tracks the highest in a ranking. */
  user_release: {
    user_year: 'BIGINT',
    release_year: 'INTEGER',
    plays: 'INTEGER',
    ms: 'BIGINT',
    unknown_lengths: 'INTEGER',
    track: 'BIGINT',
  },
  /** The tracks of a year. */
  track: {
    track: 'BIGINT',
    year: 'INTEGER',
    title: 'VARCHAR',
    artist_name: 'VARCHAR',
    track_id: 'VARCHAR',
    artist: 'BIGINT',
    artist_id: 'VARCHAR',
    release_year: 'INTEGER',
  },
  /** The 1,000 tracks of a year that all users together played most; `half`: when the middle one of its plays began, as in `timeline`. */
  popular_track: { track: 'BIGINT', plays: 'BIGINT', listeners: 'BIGINT', half: 'BIGINT' },
  /** The artists of a year; `listeners`: users who played one of their tracks. */
  artist: { artist: 'BIGINT', year: 'INTEGER', name: 'VARCHAR', artist_id: 'VARCHAR', listeners: 'BIGINT' },
  /** The albums of a year; `tracks`: how many are known, played or not. */
  album: {
    album: 'BIGINT',
    year: 'INTEGER',
    name: 'VARCHAR',
    artist_name: 'VARCHAR',
    album_id: 'VARCHAR',
    tracks: 'BIGINT',
  },
  /**
   * One row per user and artist of `heard_artist`, null where it is unknown: `short` rows, those `marked` as skipped and those that are either
   * (`skipped`), none of private sessions. Beside them rows of unknown length: `lengthless`, plays that say whether they are marked;
   * `private_lengthless`, of private sessions, which are in `unknown_lengths` of `user`.
   */
  user_skip: {
    user_year: 'BIGINT',
    artist: 'BIGINT',
    short: 'INTEGER',
    marked: 'INTEGER',
    skipped: 'INTEGER',
    lengthless: 'INTEGER',
    private_lengthless: 'INTEGER',
  },
  /** The artists of a year, and those of whom there are skipped rows and no play, numbered after them; `place`: where all are in the order of names. */
  heard_artist: {
    artist: 'BIGINT',
    year: 'INTEGER',
    name: 'VARCHAR',
    artist_id: 'VARCHAR',
    place: 'BIGINT',
  },
  /** The genres of a year's artists, one row each. */
  artist_genre: { artist: 'BIGINT', genre: 'BIGINT', name: 'VARCHAR' },
  /** One row per user and genre: of the plays of each genre's artists. */
  user_genre: {
    user_year: 'BIGINT',
    genre: 'BIGINT',
    plays: 'INTEGER',
    ms: 'BIGINT',
    unknown_lengths: 'INTEGER',
  },
  /** One row per user with podcast episodes, numbered apart from `user`; `episodes`: how many different ones. */
  podcast_user: {
    user_year: 'BIGINT',
    year: 'INTEGER',
    user_id: 'VARCHAR',
    listens: 'BIGINT',
    ms: 'BIGINT',
    unknown_lengths: 'BIGINT',
    episodes: 'BIGINT',
  },
  /** One row per such user and show. */
  user_show: {
    user_year: 'BIGINT',
    name: 'VARCHAR',
    listens: 'BIGINT',
    ms: 'BIGINT',
    unknown_lengths: 'BIGINT',
    episodes: 'BIGINT',
  },
} as const satisfies Record<string, Readonly<Record<string, string>>>;

export type TotalsName = keyof typeof TOTALS;

/** What a row of each of the totals is of, for docs. */
export const ROW_PER: Readonly<Record<TotalsName, string>> = {
  user: 'user with music',
  user_country: 'user with a known country',
  user_hour: 'user, local day and hour with music',
  timeline: 'play',
  user_turn: 'play that begins a session or repeats the one before, and the last',
  user_track: 'user and track played',
  user_artist: 'user and artist played',
  user_artist_days: 'user and artist played',
  user_album: 'user and album played',
  user_release: 'user and year of release played',
  track: 'track of a year',
  popular_track: 'track of the 1,000 most played',
  artist: 'artist of a year',
  album: 'album of a year',
  user_skip: 'user and artist skipped',
  heard_artist: 'artist of a year, played or skipped',
  artist_genre: 'artist and genre',
  user_genre: 'user and genre played',
  podcast_user: 'user with podcast episodes',
  user_show: 'such user and show',
};

/** What a lake may lack, and a story may need. */
export type Fact = 'genres' | 'release dates' | 'episodes';

/** The relations that a story declared that it reads. */
export type Relations<Reads extends TotalsName = TotalsName> = Readonly<Record<Reads, Sql>>;

/** Totals of other years that a story reads beside those of its own. */
export interface Past<PastReads extends TotalsName = TotalsName> {
  /** 'earlier': of all the lake's years before its own. 'last': of the one before it. */
  readonly years: 'earlier' | 'last';
  readonly reads: readonly PastReads[];
}

/**
 * Those totals, of all the years that any of the years of one query need together: rows are to be told apart by the `year` of `user`, and
 * users and things by what makes them the same, since numbers are of a year each.
 */
export type PastRelations<PastReads extends TotalsName = TotalsName> = Relations<PastReads> & {
  readonly same: Same;
  /** The first year that the lake has a partition of: of one before it there is at most what time zones moved there, the last hours. */
  readonly since: number;
};

/**
 * An expression that is the same text for the same thing in every year, null for what nothing identifies: by the column `id` where the
 * lake goes by ids and has one, else by `names`.
 */
export type Same = (id: string | undefined, names: readonly string[]) => Sql;

/** The groups of a catalogue, in its order, and their headings. */
export const GROUPS = {
  listening: 'Listening',
  artists: 'Artists',
  tracks: 'Tracks and albums',
  taste: 'Genres and years',
  time: 'Days and hours',
  you: 'You as a listener',
} as const;

export type Group = keyof typeof GROUPS;

/** One statistic. */
export interface Story<
  Column extends ObjectType = ObjectType,
  Reads extends TotalsName = TotalsName,
  PastReads extends TotalsName = TotalsName,
> {
  /** File name, first half of the column's name: lower case words joined by `-`. */
  readonly id: string;
  /** To be raised with every change of what the story says. */
  readonly version: number;
  /** A heading, as a listener would read it. */
  readonly title: string;
  /** One line: what is counted. */
  readonly summary: string;
  /** Where a list of stories puts it. A story without a group comes after those that have one. */
  readonly group?: Group;
  /**
   * What is told, in full sentences: what counts, what breaks ties, when there is no value. Line breaks in it are spaces, an empty line
   * begins a paragraph. `wrapped stories --explain` and docs/stories.md print it.
   */
  readonly definition?: string;
  /** Whose definition it is: 'ours', 'Spotify, 2022' … */
  readonly source?: string;
  readonly reads: readonly Reads[];
  /** The totals whose users it tells of, one of `reads`. Default: `user`, those with music. */
  readonly users?: 'user' | 'podcast_user';
  /** What it reads of other years than its own. Its columns are stale when these change. */
  readonly past?: Past<PastReads>;
  /** What the lake must have; where it lacks it, the column is not applicable. */
  readonly needs?: readonly Fact[];
  /**
   * Whether a value depends on other users' totals of them (`user_…`, `timeline`), such as by a median of all. The query of a story that does
   * not say so is given a year's users some at a time where they are many; dictionaries are always whole.
   */
  readonly comparesUsers?: boolean;
  readonly column: Column;
  /** Why a user with plays has no value, where the query says no other reason: "no play of a known artist". */
  readonly absent?: string;
  /**
   * One plain statement with a row per user and year: `user_year`, `value` (what `column` describes); and if it likes `absent`, the
   * reason why `value` is null, and `note`, JSON text that the ledger keeps of how a year's column was made.
   */
  readonly query: (relations: Relations<Reads>, past: PastRelations<PastReads>) => Sql;
  /** How its years reduce to a decade, or a text that says why they don't. */
  // biome-ignore lint/suspicious/noExplicitAny: a decade has a column and reads totals of its own
  readonly decade?: Decade<any, any> | string;
}

const KEYS: Readonly<Record<keyof AnyStory, true>> = {
  id: true,
  version: true,
  title: true,
  summary: true,
  group: true,
  definition: true,
  source: true,
  reads: true,
  users: true,
  past: true,
  needs: true,
  comparesUsers: true,
  column: true,
  absent: true,
  query: true,
  decade: true,
};

/** Lower case words joined by `-`. */
export const isStoryId = (text: string): boolean => /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(text);

/** Checks and returns a story, so that its file reads as a definition. Throws a TypeError that names what is wrong. */
export function defineStory<
  const Column extends ObjectType,
  const Reads extends TotalsName,
  const PastReads extends TotalsName = never,
>(story: Story<Column, Reads, PastReads>): Story<Column, Reads, PastReads> {
  const fail = (found: string) => {
    throw new TypeError(`story '${story.id}': ${found}`);
  };
  if (!isStoryId(story.id)) fail(`an id is lower case words joined by '-'`);
  const unknown = Object.keys(story).find((key) => !Object.hasOwn(KEYS, key));
  if (unknown !== undefined)
    fail(`unknown key '${unknown}', expected any of ${Object.keys(KEYS).join(', ')}`);
  if (!Number.isInteger(story.version) || story.version < 1)
    fail(`version is ${story.version}, expected 1 or higher`);
  if (story.column?.kind !== 'object') fail(`column is no object(…)`);
  if (story.group !== undefined && !Object.hasOwn(GROUPS, story.group))
    fail(`group is '${story.group}', expected any of ${Object.keys(GROUPS).join(', ')}`);
  for (const key of ['definition', 'source', 'absent'] as const) {
    const found: unknown = story[key];
    if (found !== undefined && (typeof found !== 'string' || found.trim() === ''))
      fail(`${key} is ${JSON.stringify(found)}, expected a text`);
  }
  const { decade, past } = story;
  if (past !== undefined && past.years !== 'earlier' && past.years !== 'last')
    fail(`past.years is '${past.years}', expected 'earlier' or 'last'`);
  if (story.users !== undefined && !(story.reads as readonly string[]).includes(story.users))
    fail(`users is '${story.users}', expected one of the totals that it reads: ${story.reads.join(', ')}`);
  const decadeReads: readonly string[] = typeof decade === 'object' ? decade.reads : [];
  for (const name of [...story.reads, ...(past?.reads ?? []), ...decadeReads]) {
    if (!(name in TOTALS)) fail(`reads '${name}', expected any of ${Object.keys(TOTALS).join(', ')}`);
  }
  if (typeof decade === 'object') {
    if (decade.column?.kind !== 'object') fail(`decade.column is no object(…)`);
    if (decadeReads.length > 0 && decade.bounds === undefined)
      fail(`its decade reads totals and has no bounds, expected what the years tell where totals are gone`);
  }
  return story;
}

/** A story of any column and any totals, as the engine takes it. */
// biome-ignore lint/suspicious/noExplicitAny: a list of stories mixes columns; `query` takes the relations of its own `reads`
export type AnyStory = Story<any, any, any>;
