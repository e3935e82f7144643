import type { SettledPlay } from './settle.ts';
import { topArtistOf, topTrackOf } from './top-of.ts';

const NORTHERN = {
  winter: [1, 2, 12],
  spring: [3, 4, 5],
  summer: [6, 7, 8],
  autumn: [9, 10, 11],
};

const SOUTHERN = {
  winter: NORTHERN.summer,
  spring: NORTHERN.autumn,
  summer: NORTHERN.winter,
  autumn: NORTHERN.spring,
};

/** Countries whose first place in IANA's `zone.tab` lies south of the equator. */
const SOUTH = `
  AO AQ AR AS AU BI BO BR BW CC CD CG CK CL CX EC FJ FK GS ID IO KE KM LS MG MU MW MZ NA NC NF NR NU NZ PE PF PG PN PY RE RW SB SC SH SZ TF TK
  TL TO TV TZ UY VU WF WS YT ZA ZM ZW`.split(/\s+/);

type Season = ReturnType<typeof seasonOf>;

interface Seasons {
  hemisphere: string | null;
  [season: string]: unknown;
}

/** The `season` value of one user's plays in a year; `country` is a code of two letters, any other text is unknown. */
export function season(plays: readonly SettledPlay[], country: string | null): Seasons {
  const isKnown = country !== null && [...country].length === 2;
  const isSouthern = isKnown && SOUTH.includes(country.toUpperCase());
  return {
    hemisphere: isKnown ? (isSouthern ? 'southern' : 'northern') : null,
    ...Object.fromEntries(
      Object.entries(isSouthern ? SOUTHERN : NORTHERN).map(([name, months]) => [
        name,
        seasonOf(plays.filter(({ day }) => months.includes(Number(day.slice(5, 7))))),
      ]),
    ),
  };
}

const seasonOf = (plays: readonly SettledPlay[]) =>
  plays.length === 0 ? null : { plays: plays.length, artist: topArtistOf(plays), track: topTrackOf(plays) };

/** The `season` value of a decade, from the values of its years in order. */
export const seasonOfYears = (years: readonly { year: number; value: Seasons }[]) => ({
  by_year: years.map(({ year, value: { hemisphere: _, ...seasons } }) => ({
    year,
    ...Object.fromEntries(
      Object.entries(seasons).map(([name, told]) => [name, withoutPlays(told as Season)]),
    ),
  })),
});

function withoutPlays(told: Season) {
  if (told === null) return null;
  const { plays: _, ...tops } = told;
  return Object.fromEntries(
    Object.entries(tops).map(([what, top]) => {
      if (top === null) return [what, null];
      const { plays: __, ...names } = top;
      return [what, names];
    }),
  );
}
