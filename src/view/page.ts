import type picocolors from 'picocolors';
import { fit, padding, widthOf } from './text.ts';

/** What colours text, or leaves it. */
export type Colors = ReturnType<typeof picocolors.createColors>;

/** One colour. */
export type Paint = (text: string) => string;

/** Where a story is drawn. */
export interface Page {
  /** The columns that a line may take. */
  readonly width: number;
  readonly colors: Colors;
  /** The story's title, for its heading. */
  readonly title: string;
  /** How the column was made, as the ledger keeps it. */
  readonly note: unknown;
}

/** The line above a story: its title, a detail where there is room, and the heads of the columns below, each where its column is. */
export function heading(
  { width, colors, title }: Page,
  paint: Paint,
  { detail = '', heads = '' } = {},
): string {
  const shownHeads = heads.trimStart();
  const room = shownHeads === '' ? width : heads.length - shownHeads.length - 1;
  const name = fit(title, room);
  const more = detail === '' ? '' : ` · ${detail}`;
  const shownMore = widthOf(name + more) <= room ? more : '';
  return [
    colors.bold(paint(name)),
    shownMore === '' ? '' : colors.dim(shownMore),
    shownHeads === '' ? '' : padding(name + shownMore, room + 1) + colors.dim(shownHeads),
  ].join('');
}
