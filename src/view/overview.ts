import type { Row } from '../store/store.ts';
import { sharesOfLargest } from './bar.ts';
import { decadeMinutesShape } from './decades/minutes.ts';
import { decadeArtistShape } from './decades/top-artist.ts';
import { decadeTrackShape } from './decades/top-track.ts';
import { count, plural } from './format.ts';
import { heading, type Page } from './page.ts';
import { minutesShape } from './stories/minutes.ts';
import { topArtistShape } from './stories/top-artist.ts';
import { topTrackShape } from './stories/top-track.ts';
import { table } from './table.ts';

/** Names are cut down to this before the chart gives way. */
const LEAST_NAME = 12;

/** One year at a glance. */
export interface YearLine {
  readonly year: string;
  readonly minutes: { readonly minutes: number | null; readonly plays: number } | undefined;
  /** The number ones. */
  readonly artist: string;
  readonly track: string;
}

/** Years of a row, from their own columns. */
export const yearLines = (columns: Row['columns'], years: readonly string[]): YearLine[] =>
  years.map((year) => ({
    year,
    minutes: minutesShape.safeParse(columns[`minutes#${year}`]).data,
    artist: topArtistShape.safeParse(columns[`top-artist#${year}`]).data?.artists[0]?.artist ?? '',
    track: topTrackShape.safeParse(columns[`top-track#${year}`]).data?.tracks[0]?.track ?? '',
  }));

/** The years of a decade, from its columns. */
export function decadeLines(columns: Row['columns'], period: string): YearLine[] {
  const minutes = decadeMinutesShape.safeParse(columns[`minutes#${period}`]).data?.years ?? [];
  const artists = decadeArtistShape.safeParse(columns[`top-artist#${period}`]).data?.by_year ?? [];
  const tracks = decadeTrackShape.safeParse(columns[`top-track#${period}`]).data?.by_year ?? [];
  const years = [...new Set([...minutes, ...artists, ...tracks].map(({ year }) => year))].sort(
    (a, b) => a - b,
  );
  const ofYear = <Value extends { readonly year: number }>(values: readonly Value[], wanted: number) =>
    values.find(({ year }) => year === wanted);
  return years.map((year) => ({
    year: String(year),
    minutes: ofYear(minutes, year),
    artist: ofYear(artists, year)?.artist ?? '',
    track: ofYear(tracks, year)?.track ?? '',
  }));
}

/** Years, a line each: a chart of the minutes, and the number ones. Without any minutes the chart is of plays. */
export function renderOverview(lines: readonly YearLine[], page: Page): string[] {
  const { bold, dim, magenta, yellow } = page.colors;
  const isTimed = lines.some(({ minutes }) => typeof minutes?.minutes === 'number');
  const amounts = lines.map(({ minutes }) => (isTimed ? minutes?.minutes : minutes?.plays) ?? 0);
  const figures = lines.map(({ minutes }) => {
    if (minutes === undefined) return '';
    if (!isTimed) return count(minutes.plays);
    return minutes.minutes === null ? plural(minutes.plays, 'play') : count(minutes.minutes);
  });
  const biggest = amounts.indexOf(Math.max(...amounts));
  const emphasis = (text: string, row: number) => (row === biggest ? bold(text) : text);
  const names = (head: string, texts: readonly string[], paint = (text: string) => text) =>
    texts.some(Boolean) ? [{ head, texts, least: LEAST_NAME, paint }] : [];

  const { head, rows } = table(
    [
      { texts: lines.map(({ year }) => year), paint: emphasis },
      { bars: sharesOfLargest(amounts), paint: yellow },
      { head: isTimed ? 'minutes' : 'plays', texts: figures, align: 'right', paint: emphasis },
      ...names(
        'top artist',
        lines.map(({ artist }) => artist),
        magenta,
      ),
      ...names(
        'top track',
        lines.map(({ track }) => track),
        dim,
      ),
    ],
    page.width,
  );
  return [heading(page, yellow, { heads: head }), ...rows];
}
