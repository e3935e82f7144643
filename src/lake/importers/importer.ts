import { type Sql, sql } from '../../sql/sql.ts';

/** How an export's rows stand in a file: a JSON array of them, or one JSON value a line. */
export type JsonLayout = 'array' | 'newline_delimited';

/** Why a row of an export is no row of the lake. */
export const DROP_REASONS = [
  'no name',
  'no time',
  'now playing',
  'not music',
  'no play',
  'part of a play',
  'names only',
  'bad length',
  'unreadable row',
  'exact duplicate',
  'overlap',
] as const;

export type DropReason = (typeof DROP_REASONS)[number];

/**
 * What a listen row is made of, as SQL over the fields of a raw row, every one of which is VARCHAR, and null
 * where it is blank. Names and lengths are handed on as they are found: what makes a row unfit is judged in
 * one place, for all formats.
 */
interface ListenSql {
  /** TIMESTAMPTZ; null where it can't be read. */
  readonly played_at: Sql;
  readonly time_is: 'start' | 'end';
  /** Milliseconds listened (never a track's own duration), as VARCHAR. Left out where the format has none. */
  readonly ms_played?: Sql;
  /** Default: 'track'. */
  readonly kind?: Sql;
  readonly track: Sql;
  readonly artist: Sql;
  readonly album?: Sql;
  readonly track_id?: Sql;
  readonly artist_id?: Sql;
  /** BOOLEAN. Default, and in place of null: false. */
  readonly private?: Sql;
  /** BOOLEAN or null. */
  readonly skipped?: Sql;
  /** A DropReason of this format's own, or null. */
  readonly dropped?: Sql;
}

interface ImporterBase {
  /** Its file's name, and the `source` of the rows it makes. */
  readonly id: string;
  /** What a person calls it. */
  readonly title: string;
  readonly listen: ListenSql;
  /**
   * Where what a row means depends on others of its file: a relation of as many rows as the raw ones, with
   * `filename` and all that `listen` reads.
   */
  readonly rows?: (raw: Sql) => Sql;
  /**
   * The format whose rows lack artists that this one names. Its own rows are dropped, as 'names only'.
   */
  readonly namesArtistsOf?: string;
}

/** An export in JSON. */
export interface JsonImporter extends ImporterBase {
  readonly encoding: 'json';
  /** Whether one of the file's first records is of this format. */
  recognises(record: Readonly<Record<string, unknown>>): boolean;
  /** The fields that `listen` reads: name to JSON path. */
  readonly fields: Readonly<Record<string, string>>;
}

/** An export in CSV: comma, double quotes, LF or CRLF. */
export interface CsvImporter extends ImporterBase {
  readonly encoding: 'csv';
  /** Whether the file's first rows are of this format. A header, where there is one, is the first of them. */
  recognises(rows: readonly (readonly string[])[]): boolean;
  /** Whether the first row names the columns. If not, `fields` are all columns, in order. */
  readonly header: boolean;
  /** The columns that `listen` reads. One that a header lacks is null. */
  readonly fields: readonly string[];
}

/** One export format. */
export type Importer = JsonImporter | CsvImporter;

/** Defines an export in JSON. */
export const defineJsonImporter = (importer: Omit<JsonImporter, 'encoding'>): JsonImporter => ({
  encoding: 'json',
  ...importer,
});

/** Defines an export in CSV. */
export const defineCsvImporter = (importer: Omit<CsvImporter, 'encoding'>): CsvImporter => ({
  encoding: 'csv',
  ...importer,
});

/** The last second of the year 9999: what lies beyond is milliseconds taken for seconds, and no time. */
const LAST_UNIX_SECOND = 253402300799;

/** Unix seconds, whole or not, as TIMESTAMPTZ; null where they are none. */
export const unixTime = (seconds: Sql): Sql =>
  sql`CASE WHEN TRY_CAST(${seconds} AS DOUBLE) BETWEEN 0 AND ${LAST_UNIX_SECOND}
    THEN to_timestamp(TRY_CAST(${seconds} AS DOUBLE)) END`;

/**
 * ISO 8601 date and time as TIMESTAMPTZ: with its offset, or in UTC, as sessions are, where it has none; null
 * where it is none.
 */
export const isoTime = (text: Sql): Sql => sql`TRY_CAST(${text} AS TIMESTAMPTZ)`;
