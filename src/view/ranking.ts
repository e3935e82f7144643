import { sharesOfLargest } from './bar.ts';
import { count, duration } from './format.ts';
import { heading, type Page, type Paint } from './page.ts';
import { table } from './table.ts';

/** Names are cut down to this before bars give way. */
const LEAST_NAME = 20;
const LEAST_NAME_WITH_ASIDE = 32;

const NAMELESS = '(no name)';

/** A numbered list with bars: most played first. */
export interface Ranking {
  readonly detail: string;
  /** Over the plays. Default `plays`. */
  readonly head?: string;
  /** What was played, null where it has no name; behind it whose it is. */
  readonly items: readonly { name: string | null; aside?: string | null; plays: number }[];
  /** More figures on the right. */
  readonly figures: readonly { head: string; texts: readonly string[] }[];
  readonly accent: Paint;
}

export function renderRanking(
  { detail, head: playsHead = 'plays', items, figures, accent }: Ranking,
  page: Page,
): string[] {
  const { bold, dim } = page.colors;
  if (items.length === 0) return [heading(page, accent), dim('none')];
  const emphasis = (text: string, row: number) => (row === 0 ? bold(text) : text);
  const ranks = items.map((_, index) => String(index + 1));
  const plays = items.map((item) => item.plays);

  const { head, rows } = table(
    [
      { texts: ranks, align: 'right', paint: dim },
      {
        texts: items.map(({ name }) => name?.trim() || NAMELESS),
        asides: items.map(({ aside }) => aside ?? ''),
        least: items.some(({ aside }) => aside) ? LEAST_NAME_WITH_ASIDE : LEAST_NAME,
        paint: emphasis,
        paintAside: dim,
      },
      { bars: sharesOfLargest(plays), paint: accent },
      { head: playsHead, texts: plays.map(count), align: 'right', paint: emphasis },
      ...figures
        .filter(({ texts }) => texts.some(Boolean))
        .map((figure) => ({ ...figure, align: 'right' as const, paint: dim })),
    ],
    page.width,
    { fill: true },
  );
  return [heading(page, accent, { detail, heads: head }), ...rows];
}

/** The figure of time: nothing where a length is unknown. */
export const timeFigure = (items: readonly { ms?: number | null | undefined }[]) => ({
  head: 'time',
  texts: items.map(({ ms }) => (typeof ms === 'number' ? duration(ms) : '')),
});
