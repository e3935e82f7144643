import { z } from 'zod';
import { count } from '../format.ts';
import type { Page, Paint } from '../page.ts';
import { renderRanking, timeFigure } from '../ranking.ts';
import { wrap } from '../text.ts';

/** An entry of a decade's list: its plays, or, where totals were gone, how many at least and at most. */
const entryShape = z
  .object({
    plays: z.int().optional(),
    plays_min: z.int().optional(),
    plays_max: z.int().optional(),
    ms: z.int().nullable(),
  })
  .refine(
    ({ plays, plays_min, plays_max }) =>
      plays !== undefined || (plays_min !== undefined && plays_max !== undefined),
  );

type Entry = z.infer<typeof entryShape>;

/** What a thing of a decade's ranking shows beside its plays. */
export const decadeRankingShape = <List extends string, Shows extends z.ZodRawShape>(
  list: List,
  shows: Shows,
) => {
  const named = z.object(shows);
  return z.object({
    [list]: z.array(named.and(entryShape)),
    distinct: z.int().optional(),
    by_year: z.array(named.and(z.object({ year: z.int(), plays: z.int() }))),
    exact: z.boolean(),
  } as {
    [list in List]: z.ZodArray<z.ZodIntersection<typeof named, typeof entryShape>>;
  } & {
    distinct: z.ZodOptional<z.ZodInt>;
    by_year: z.ZodArray<z.ZodIntersection<typeof named, z.ZodObject<{ year: z.ZodInt; plays: z.ZodInt }>>>;
    exact: z.ZodBoolean;
  });
};

interface DecadeRanking {
  readonly entries: readonly Entry[];
  readonly names: readonly { name: string | null; aside?: string | null }[];
  readonly distinct: number | undefined;
  readonly accent: Paint;
  /** A line below the list. */
  readonly more?: string | undefined;
}

/** A decade's list; where it holds bounds, bars are as long as what is sure. */
export function renderDecadeRanking(
  { entries, names, distinct, accent, more }: DecadeRanking,
  page: Page,
): string[] {
  const isExact = entries.every(({ plays }) => plays !== undefined);
  return [
    ...renderRanking(
      {
        detail: distinct === undefined ? '' : `${count(distinct)} in all`,
        items: names.map((named, index) => ({
          ...named,
          plays: entries[index]?.plays ?? entries[index]?.plays_min ?? 0,
        })),
        ...(isExact ? {} : { head: 'at least' }),
        figures: [
          isExact
            ? timeFigure(entries)
            : { head: 'at most', texts: entries.map(({ plays_max }) => count(plays_max ?? 0)) },
        ],
        accent,
      },
      page,
    ),
    ...(more === undefined ? [] : wrap(more, page.width).map(page.colors.dim)),
  ];
}

/** `pop 2010–2014, rock 2015`: what was number one, year after year. */
export function runsOf(years: readonly { year: number; name: string }[]): string {
  const runs: { name: string; from: number; to: number }[] = [];
  for (const { year, name } of years) {
    const last = runs.at(-1);
    if (last !== undefined && last.name === name && last.to === year - 1) last.to = year;
    else runs.push({ name, from: year, to: year });
  }
  return runs.map(({ name, from, to }) => `${name} ${from === to ? from : `${from}–${to}`}`).join(', ');
}
