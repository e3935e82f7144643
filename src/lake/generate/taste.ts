import { type Sql, sql } from '../../sql/sql.ts';
import { countArtists, debuted, inGenre } from './catalogue.ts';
import { chance, pick, roll, zipf } from './dice.ts';
import { type LakeSpec, TABLES } from './lake-spec.ts';
import { extend } from './pipeline.ts';
import { FLATNESS, PLAYS, TASTE } from './shape.ts';

/** How the track of a play is chosen. */
const FAVOURITE_TRACK = 0;
const FAVOURITE_ARTIST = 1;
const ANYTHING = 2;

/**
 * The plays of sessions, one row each, with what their users choose: adds `nth_play` of its session, `play` (its hash)
 * and `track_number`. A choice comes from a hash `taste` and a month `as_of` alone. A favourite track's are those of one
 * of the user's slots, which keeps its track for some months, so that it is the same track whenever that slot comes up;
 * another play's are its own. Nothing is chosen that is not out before `as_of`.
 */
export function selectChoices(spec: LakeSpec, sessions: Sql): Sql {
  const plays = extend(
    sessions,
    { nth_play: sql`unnest(range(plays))` },
    { play: roll(sql`session`, 'play', sql`nth_play`) },
    { repeats: sql`(nth_play > 0 AND ${chance(roll(sql`play`, 'repeat'), PLAYS.repeated)})::BIGINT` },
    { choice: roll(sql`session`, 'choice', sql`nth_play - repeats`) },
  );
  return selectTracks(selectArtists(spec, selectTastes(plays)));
}

/** Adds `kind`, `taste` and `as_of`. */
function selectTastes(plays: Sql): Sql {
  const slot = zipf(roll(sql`choice`, 'slot'), TASTE.favouriteTracks, FLATNESS.favouriteTracks);
  const kind = roll(sql`choice`, 'kind of choice');
  const shareOfFavourites = TASTE.toFavouriteTracks + TASTE.toFavouriteArtists;
  return extend(
    plays,
    {
      kind: sql`CASE WHEN ${chance(kind, TASTE.toFavouriteTracks)} THEN ${FAVOURITE_TRACK}
        WHEN ${chance(kind, shareOfFavourites)} THEN ${FAVOURITE_ARTIST} ELSE ${ANYTHING} END`,
      slot: roll(sql`user_dice`, 'slot', slot),
    },
    { phase: pick(roll(sql`slot`, 'phase'), TASTE.trackMonths) },
    { period: sql`(month + phase) // ${TASTE.trackMonths}` },
    {
      taste: sql`CASE kind WHEN ${FAVOURITE_TRACK} THEN ${roll(sql`slot`, 'taste', sql`period`)} ELSE choice END`,
      as_of: sql`CASE kind WHEN ${FAVOURITE_TRACK} THEN period * ${TASTE.trackMonths} - phase ELSE month END`,
    },
  );
}

/** Adds `artist_number`. */
function selectArtists(spec: LakeSpec, tastes: Sql): Sql {
  const place = zipf(roll(sql`taste`, 'favourite'), TASTE.favouriteArtists, FLATNESS.favouriteArtists);
  const phase = pick(roll(sql`favourite`, 'phase'), TASTE.artistMonths);
  const genre = roll(sql`artist_dice`, 'genre');
  return extend(
    tastes,
    { favourite: roll(sql`user_dice`, 'favourite', place) },
    {
      artist_dice: sql`CASE kind WHEN ${ANYTHING} THEN taste
        ELSE ${roll(sql`favourite`, 'taste', sql`(as_of + ${phase}) // ${TASTE.artistMonths}`)} END`,
    },
    { rank: zipf(roll(sql`artist_dice`, 'rank'), countArtists(spec), FLATNESS.artists) },
    {
      homely: sql`CASE kind WHEN ${ANYTHING} THEN ${chance(genre, TASTE.othersOfHomeGenre)}
        ELSE ${chance(genre, TASTE.favouritesOfHomeGenre)} END`,
    },
    { wanted: sql`CASE WHEN homely THEN ${inGenre(sql`rank`, sql`genre`)} ELSE rank END` },
    { artist_number: debuted(spec, sql`wanted`, sql`as_of`) },
  );
}

/** Adds `track_number`: one of an album that is out, often the newest. */
function selectTracks(choices: Sql): Sql {
  const newest = chance(roll(sql`taste`, 'newest'), TASTE.newest);
  const track = zipf(roll(sql`taste`, 'track'), sql`albums.tracks`, FLATNESS.tracksOfAlbum);
  const albums = extend(
    sql`
      SELECT choices.*, artists.first_album,
        least(artists.albums, 1 + (as_of - 1 - artists.debut) // artists.rhythm) AS released
      FROM (${choices}) AS choices JOIN ${TABLES.artists} AS artists ON artists.number = artist_number`,
    {
      album_number: sql`first_album + CASE WHEN ${newest} THEN released - 1
        ELSE ${pick(roll(sql`taste`, 'album'), sql`released`)} END`,
    },
  );
  return sql`
    SELECT choices.*, albums.first_track + ${track} AS track_number
    FROM (${albums}) AS choices JOIN ${TABLES.albums} AS albums ON albums.number = album_number`;
}
