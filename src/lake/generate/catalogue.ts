import { type Sql, sql } from '../../sql/sql.ts';
import { chance, pick, roll, unit } from './dice.ts';
import { idOf, type LakeSpec, MONTHS, monthNumber, rootOf, TABLES, yearsOf } from './lake-spec.ts';
import { artistName, nameNumber, titleOf } from './names.ts';
import { extend } from './pipeline.ts';
import { CATALOGUE } from './shape.ts';
import { ALBUM_PATTERNS, GENRE_FAMILIES, TRACK_PATTERNS } from './words.ts';

/**
 * An artist's number is their rank in popularity. Artists take turns in genre, so that the artists of a genre are as
 * unequal as all; of three rounds of genres the last is of newcomers, whose first album may come at any time.
 */
const FAMILIES = GENRE_FAMILIES.length;
const ROUNDS = 3;
const isNewcomer = (artist: Sql): Sql => sql`(${artist} // ${FAMILIES}) % ${ROUNDS} = ${ROUNDS - 1}`;

/** A day that every month has. */
const LAST_DAY = 28;

/** How many artists there are: whole rounds of genres. */
export function countArtists(spec: LakeSpec): number {
  const plays = spec.users * spec.playsPerUser * yearsOf(spec);
  const wanted = Math.max(CATALOGUE.fewestArtists, CATALOGUE.artistsPerRootPlay * Math.sqrt(plays));
  const round = FAMILIES * ROUNDS;
  return Math.ceil(wanted / round) * round;
}

/** The month of a newcomer's first album: as likely before the lake's years as in any of them. */
function newcomerDebut({ years }: LakeSpec, dice: Sql): Sql {
  const first = monthNumber(years.from, 1) - CATALOGUE.newcomerMonths;
  return sql`${first} + ${pick(roll(dice, 'debut'), monthNumber(years.to + 1, 1) - first)}`;
}

/** The month of another artist's first album: before the lake's years and whatever a favourite track reaches back to. */
function veteranDebut({ years }: LakeSpec, dice: Sql): Sql {
  const first = monthNumber(years.from, 1) - CATALOGUE.oldestDebutMonths;
  const span = CATALOGUE.oldestDebutMonths - CATALOGUE.latestDebutMonths;
  return sql`${first} + floor(${span} * pow(${unit(roll(dice, 'debut'))}, ${CATALOGUE.debutPower}))::BIGINT`;
}

/** The artist, or where their first album is not out before month `asOf`, the veteran one round before them. */
export function debuted(spec: LakeSpec, artist: Sql, asOf: Sql): Sql {
  const debut = newcomerDebut(spec, roll(rootOf(spec), 'artist', artist));
  return sql`CASE WHEN ${isNewcomer(artist)} AND ${debut} >= ${asOf} THEN ${artist} - ${FAMILIES} ELSE ${artist} END`;
}

/** The genre of a user or an artist put into an artist's number: the same rank, in that genre. */
export const inGenre = (artist: Sql, genre: Sql): Sql =>
  sql`${artist} // ${FAMILIES} * ${FAMILIES} + ${genre}`;

/** Creates the tables of artists, their albums and the tracks of these; numbers of albums and tracks run on from artist to artist. */
export function createCatalogue(spec: LakeSpec): Sql[] {
  const tables = [
    [TABLES.artists, selectArtists(spec)],
    [TABLES.albums, selectAlbums(spec)],
    [TABLES.tracks, selectTracks(spec)],
  ] as const;
  return tables.map(([table, rows]) => sql`CREATE TEMP TABLE ${table} AS ${rows}`);
}

/** Artists: `number`, `dice`, `artist_id`, `artist`, `debut` and `rhythm` in months, `albums`, `first_album`. */
function selectArtists(spec: LakeSpec): Sql {
  const [number, dice, name] = [sql`number`, sql`dice`, sql`name`];
  const artists = countArtists(spec);
  const isNamesake = sql`(number % ${CATALOGUE.namesakeEvery} = 1)::BIGINT`;
  const popularity = sql`(1 - ln(1 + number) / ln(${artists}))`;
  const wanted = sql`1 + floor(${CATALOGUE.mostAlbums} * ${popularity} * ${unit(roll(dice, 'albums'))})::BIGINT`;
  const inTime = sql`1 + (${monthNumber(spec.years.to, 12)} - debut) // rhythm`;
  return extend(
    sql`SELECT range AS number FROM range(${artists})`,
    { dice: roll(rootOf(spec), 'artist', number) },
    {
      debut: sql`CASE WHEN ${isNewcomer(number)} THEN ${newcomerDebut(spec, dice)} ELSE ${veteranDebut(spec, dice)} END`,
      rhythm: sql`${CATALOGUE.rhythmMonths} + ${pick(roll(dice, 'rhythm'), CATALOGUE.rhythmSpread)}`,
      name: nameNumber(sql`(number - ${isNamesake})`, artists),
      artist_id: idOf(dice),
    },
    { albums: sql`least(${wanted}, ${inTime})`, artist: artistName(name) },
    { first_album: sql`(sum(albums) OVER (ORDER BY number) - albums)::BIGINT` },
  );
}

/** Albums: `number`, `dice`, `album_id`, `artist_number`, the `month` of their release, `tracks`, `first_track`. */
function selectAlbums(spec: LakeSpec): Sql {
  const dice = sql`dice`;
  const tracks = roll(dice, 'tracks', 1);
  return extend(
    sql`
      SELECT first_album + nth AS number, artist_number, debut + nth * rhythm AS month
      FROM (SELECT number AS artist_number, first_album, debut, rhythm, unnest(range(albums)) AS nth FROM ${TABLES.artists})`,
    { dice: roll(rootOf(spec), 'album', sql`number`) },
    {
      album_id: idOf(dice),
      tracks: sql`CASE WHEN ${chance(roll(dice, 'tracks'), CATALOGUE.singles)}
        THEN 1 + ${pick(tracks, CATALOGUE.singleTracks)}
        ELSE ${CATALOGUE.albumTracks} + ${pick(tracks, CATALOGUE.albumSpread + 1)} END`,
    },
    { first_track: sql`(sum(tracks) OVER (ORDER BY number) - tracks)::BIGINT` },
  );
}

/** Tracks: `number`, `dice`, `track_id`, `album_number`, `duration_ms`. */
function selectTracks(spec: LakeSpec): Sql {
  const dice = sql`dice`;
  const spread = (nth: number) => pick(roll(dice, 'length', nth), CATALOGUE.trackSpread);
  return extend(
    sql`
      SELECT first_track + nth AS number, album_number
      FROM (SELECT number AS album_number, first_track, unnest(range(tracks)) AS nth FROM ${TABLES.albums})`,
    { dice: roll(rootOf(spec), 'track', sql`number`) },
    {
      track_id: idOf(dice),
      duration_ms: sql`${CATALOGUE.shortestTrack} + ${spread(0)} + ${spread(1)}`,
    },
  );
}

/** The lake's table `tracks`. Old releases are dated by the year alone, and some not at all. */
export function selectTracksFile(): Sql {
  const year = sql`albums.month // ${MONTHS}`;
  const day = sql`1 + ${pick(roll(sql`albums.dice`, 'date'), LAST_DAY)}`;
  const releaseDate = sql`CASE
    WHEN ${chance(roll(sql`albums.dice`, 'no date'), CATALOGUE.withoutDate)} THEN NULL
    WHEN ${year} < ${CATALOGUE.firstYearWithDays} THEN (${year})::VARCHAR
    ELSE make_date(${year}, albums.month % ${MONTHS} + 1, ${day})::VARCHAR END`;
  return sql`
    SELECT track_id, ${titleOf(sql`tracks.dice`, TRACK_PATTERNS)} AS track, artist, artist_id,
      ${titleOf(sql`albums.dice`, ALBUM_PATTERNS)} AS album, album_id, ${releaseDate} AS release_date, duration_ms
    FROM ${TABLES.tracks} AS tracks
    JOIN ${TABLES.albums} AS albums ON albums.number = tracks.album_number
    JOIN ${TABLES.artists} AS artists ON artists.number = albums.artist_number
    ORDER BY tracks.number`;
}

/** The lake's table `artist_genres`: the artist's family, some of what that is divided into, and now and then a second family. */
export function selectArtistGenres(): Sql {
  const dice = sql`dice`;
  const families = sql`[${GENRE_FAMILIES.map((genres) => sql`[${genres}]`)}]`;
  const family = sql`${families}[1 + number % ${FAMILIES}]`;
  const secondFamily = sql`${families}[1 + ${pick(roll(dice, 'second genre', 1), FAMILIES)}]`;
  const genres = [
    sql`${family}[1]`,
    ...GENRE_FAMILIES[0]
      .slice(1)
      .map(
        (_, nth) =>
          sql`CASE WHEN ${chance(roll(dice, 'genres', nth + 1), CATALOGUE.furtherGenres)} THEN ${family}[${nth + 2}] END`,
      ),
    sql`CASE WHEN ${chance(roll(dice, 'second genre'), CATALOGUE.secondFamily)} THEN ${secondFamily}[1] END`,
  ];
  return sql`
    SELECT DISTINCT artist_id, artist, genre
    FROM (
      SELECT artist_id, artist, unnest([${genres}]) AS genre FROM ${TABLES.artists}
      WHERE NOT ${chance(roll(dice, 'genres'), CATALOGUE.artistsWithoutGenre)})
    WHERE genre IS NOT NULL
    ORDER BY artist_id, genre`;
}
