/**
 * The golden cases: folders under `fixtures/`, each named for its reason, of what goes in and the columns
 * that come out.
 */

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { type Period, parsePeriod } from '../src/decade/period.ts';
import type { ArtistGenreRow, History, Identity, Play, TrackRow, UserRow } from '../src/oracle/history.ts';

const FIXTURES_DIR = join(import.meta.dirname, '..', 'fixtures');

interface Case {
  /** The folder's name. */
  name: string;
  dir: string;
  /** The decade to reduce the years to, if the case is about one. */
  decade?: Period | undefined;
  /** By column, such as `top-artist#2019`: each user's value. A column that no user has is empty. */
  expected: Map<string, Record<string, unknown>>;
}

/** A case whose input is a lake, as tables. */
export interface LakeFixture extends Case {
  history: History;
  identity: Identity;
  /** The zone of users without one of their own. */
  timezone?: string | undefined;
}

/** A case whose input is exports, to be imported in this order. */
export interface ImportFixture extends Case {
  import: {
    user: string;
    overlap?: 'skip' | 'add';
    /** Absolute. */
    paths: string[];
  };
}

export type Fixture = LakeFixture | ImportFixture;

/** What `case.json` may hold. */
interface CaseOptions {
  /** What the folder's name leaves unsaid. */
  why?: string;
  timezone?: string;
  /** `2010-2019` */
  decade?: string;
  import?: ImportFixture['import'];
}

/** All cases, by name. */
export function loadFixtures(): Fixture[] {
  return readdirSync(FIXTURES_DIR)
    .sort()
    .map((name) => loadFixture(join(FIXTURES_DIR, name)));
}

/** Reads the case in a folder. Throws an Error that names the file and the column of what it can't read. */
export function loadFixture(dir: string): Fixture {
  const options = readJson<CaseOptions>(join(dir, 'case.json')) ?? {};
  const expected = new Map(
    readdirSync(join(dir, 'expected')).map((file) => [
      basename(file, '.json'),
      readJson<Record<string, unknown>>(join(dir, 'expected', file))!,
    ]),
  );
  const decade = options.decade === undefined ? undefined : parsePeriod(options.decade);
  const common: Case = { name: basename(dir), dir, decade, expected };
  if (options.import !== undefined) {
    const paths = options.import.paths.map((path) => join(dir, path));
    return { ...common, import: { ...options.import, paths } };
  }

  const plays = readTable<Play>(join(dir, 'plays.csv'), PLAY_FIELDS);
  if (plays === undefined) throw new Error(`${dir} has neither a plays.csv nor an import in its case.json`);
  const users = readTable<UserRow>(join(dir, 'users.csv'), USER_FIELDS);
  const tracks = readTable<TrackRow>(join(dir, 'tracks.csv'), TRACK_FIELDS);
  const artistGenres = readTable<ArtistGenreRow>(join(dir, 'artist_genres.csv'), ARTIST_GENRE_FIELDS);
  const lake = readJson<{ identity: Identity }>(join(dir, 'lake.json'));
  return {
    ...common,
    history: {
      plays,
      ...(users && { users }),
      ...(tracks && { tracks }),
      ...(artistGenres && { artistGenres }),
    },
    identity: lake?.identity ?? (plays.some((play) => play.track_id !== undefined) ? 'track_id' : 'title'),
    timezone: options.timezone,
  };
}

type Field = (text: string) => unknown;
type Fields<Row> = { readonly [Column in keyof Required<Row>]: Field };

const text: Field = (value) => value;

const wholeNumber: Field = (value) => {
  if (!/^\d+$/.test(value)) throw new Error(`"${value}" is no whole number`);
  return Number(value);
};

const truth: Field = (value) => {
  if (value !== 'true' && value !== 'false') throw new Error(`"${value}" is neither true nor false`);
  return value === 'true';
};

/** Milliseconds since 1970. */
const instant: Field = (value) => {
  const time = Date.parse(value);
  if (Number.isNaN(time) || !/T.*(Z|[+-]\d\d:\d\d)$/.test(value)) {
    throw new Error(`"${value}" is no ISO 8601 time with an offset, such as 2019-12-31T23:59:59+13:00`);
  }
  return time;
};

const PLAY_FIELDS: Fields<Play> = {
  user_id: text,
  played_at: instant,
  time_is: text,
  ms_played: wholeNumber,
  kind: text,
  track: text,
  artist: text,
  album: text,
  track_id: text,
  artist_id: text,
  private: truth,
  skipped: truth,
  source: text,
};

const USER_FIELDS: Fields<UserRow> = { user_id: text, timezone: text, country: text };

const TRACK_FIELDS: Fields<TrackRow> = {
  track_id: text,
  track: text,
  artist: text,
  artist_id: text,
  album: text,
  album_id: text,
  release_date: text,
  duration_ms: wholeNumber,
};

const ARTIST_GENRE_FIELDS: Fields<ArtistGenreRow> = { artist: text, artist_id: text, genre: text };

/**
 * The rows of a CSV file with a header; an empty field is null, a quoted empty one ''. Undefined where
 * there is no such file.
 */
function readTable<Row>(path: string, fields: Fields<Row>): Row[] | undefined {
  if (!existsSync(path)) return undefined;
  return parse(readFileSync(path), {
    columns: true,
    cast: (value, { header, column, quoting, lines }) => {
      if (header) return value;
      if (value === '' && !quoting) return null;
      const field: Field | undefined = fields[column as keyof Row];
      if (field === undefined) {
        throw new Error(
          `${path} has a column "${String(column)}"; known are ${Object.keys(fields).join(', ')}`,
        );
      }
      try {
        return field(value);
      } catch (cause) {
        throw new Error(`${path}, line ${lines}, column ${String(column)}: ${(cause as Error).message}`, {
          cause,
        });
      }
    },
  }) as Row[];
}

function readJson<T>(path: string): T | undefined {
  return existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as T) : undefined;
}
