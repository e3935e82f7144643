import { groupBy } from './group.ts';
import type { Identity } from './history.ts';
import type { ListenRow } from './listen-rows.ts';
import { compareTexts } from './order.ts';
import { ratio } from './ratio.ts';
import { type Artist, artistKey, artistsOf, type SettledNames, trackKey } from './settle.ts';

/** Of an artist of fewer rows nothing is said. */
const FEWEST_ROWS = 20;

type Skip = NonNullable<ReturnType<typeof skip>>;

/** The `skip` values of a year, by user, from all users' rows and the names that their plays settle. */
export function skips(
  rows: readonly ListenRow[],
  names: SettledNames,
  identity: Identity,
): Map<string, Skip> {
  const heard = rows.filter(({ isMusic, isPrivate }) => isMusic && !isPrivate);
  const artistOf = artistLookup(heard, names, identity);
  return new Map(
    [...groupBy(heard, ({ user_id }) => user_id)].flatMap(([user, own]) => {
      const value = skip(own, artistOf);
      return value === null ? [] : [[user, value]];
    }),
  );
}

/** The artist of each row: its track's, or, where nobody played that, the one that it names. */
function artistLookup(
  heard: readonly ListenRow[],
  { trackOf, artistOf }: SettledNames,
  identity: Identity,
): (row: ListenRow) => Artist | null {
  const unplayed = heard.filter(
    (row) => !row.isPlay && trackKey(row, identity) !== null && trackOf(row) === null,
  );
  const others = artistsOf(
    unplayed.filter((row) => artistOf(row) === null),
    identity,
  );
  return (row) => {
    if (trackKey(row, identity) === null) return null;
    const track = trackOf(row);
    if (track !== null) return artistOf(track);
    return artistOf(row) ?? others.get(artistKey(row, identity) ?? '') ?? null;
  };
}

/** One user's value; null where neither a length nor a mark is known. */
function skip(heard: readonly ListenRow[], artistOf: (row: ListenRow) => Artist | null) {
  const isMarking = heard.some(({ skipped }) => skipped === true);
  const rows = heard.filter(({ ms, skipped }) => ms !== null || (isMarking && skipped !== null));
  if (rows.length === 0) return null;

  const artists = [...groupBy(rows, (row) => artistOf(row)?.key ?? null)]
    .flatMap(([key, own]) =>
      key === null || own.length < FEWEST_ROWS ? [] : { ...artistOf(own[0]!)!, ...counted(own) },
    )
    .sort(
      (a, b) =>
        a.share - b.share ||
        b.listens - a.listens ||
        compareTexts([a.artist, a.artist_id], [b.artist, b.artist_id]),
    );
  const [least] = artists;
  const most = artists.find(({ share }) => share === artists.at(-1)!.share);
  const isTold = most !== undefined && least !== undefined && most.share > least.share;
  return {
    ...counted(rows),
    short: rows.filter(({ isPlay }) => !isPlay).length,
    marked: isMarking ? rows.filter(({ skipped }) => skipped === true).length : null,
    most: isTold ? shown(most) : null,
    least: isTold ? shown(least) : null,
  };
}

/** Of rows in no private session: what is no play is too short. */
function counted(rows: readonly ListenRow[]) {
  const skipped = rows.filter((row) => !row.isPlay || row.skipped === true).length;
  return { listens: rows.length, skipped, share: ratio(BigInt(skipped), BigInt(rows.length)) };
}

const shown = ({ artist, artist_id, listens, skipped, share }: Artist & ReturnType<typeof counted>) => ({
  ...named({ artist, artist_id }),
  listens,
  skipped,
  share,
});

const named = ({ artist, artist_id }: { artist: string | null; artist_id?: string | null }) => ({
  artist,
  ...(artist_id != null && { artist_id }),
});

/** A decade's `skip` of one user, from the years' values in their order. */
export function skipOfYears(years: readonly { year: number; value: Skip }[]) {
  const marking = years.filter(({ value }) => value.marked !== null);
  const counting = (marking.length === 0 ? years : marking).map(({ value }) => value);
  const listens = counting.reduce((sum, value) => sum + value.listens, 0);
  const skipped = counting.reduce((sum, value) => sum + value.skipped, 0);
  return {
    listens,
    skipped,
    share: ratio(BigInt(skipped), BigInt(listens)),
    marked: marking.length === 0 ? null : marking.reduce((sum, { value }) => sum + value.marked!, 0),
    by_year: years.map(({ year, value: { listens: rows, share, marked, most, least } }) => ({
      year,
      listens: rows,
      share,
      marked,
      most: most && named(most),
      least: least && named(least),
    })),
  };
}
