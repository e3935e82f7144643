import { bar } from './bar.ts';
import { fit, padding, widthOf } from './text.ts';

const GAP = '  ';
const SHORTEST_BAR = 8;
const BETWEEN = ' · ';

/** A column of texts. */
interface TextColumn {
  readonly head?: string;
  readonly texts: readonly string[];
  /** What stands behind each text, set apart from it: the artist of a track. */
  readonly asides?: readonly string[];
  readonly align?: 'right';
  /** The column may be cut, down to this width if others can give way too. Without it, it is cut last. */
  readonly least?: number;
  readonly paint?: (text: string, row: number) => string;
  readonly paintAside?: (text: string) => string;
}

/** A column of bars: shares from 0 to 1. It takes the width that texts leave, and gives way where they need it. */
interface BarColumn {
  readonly bars: readonly number[];
  readonly paint: (text: string) => string;
}

type Column = TextColumn | BarColumn;

/** Aligned columns in at most `width`: the line of heads without colour, and a line per row. With bars or `fill` the table is as wide as it may be. */
export function table(
  columns: readonly Column[],
  width: number,
  { fill = false } = {},
): { head: string; rows: string[] } {
  const shown = hasRoomForBars(columns, width) ? columns : columns.filter((column) => !isBar(column));
  const widths = columnWidths(shown, width, fill);
  const height = Math.max(0, ...shown.map((column) => (isBar(column) ? column.bars : column.texts).length));
  const line = (cell: (column: Column, width: number) => string) =>
    shown
      .map((column, index) => cell(column, widths[index]!))
      .join(GAP)
      .trimEnd();

  return {
    head: line((column, width) => (isBar(column) ? ' '.repeat(width) : headCell(column, width))),
    rows: Array.from({ length: height }, (_, row) =>
      line((column, width) => (isBar(column) ? barCell(column, row, width) : textCell(column, row, width))),
    ),
  };
}

const isBar = (column: Column): column is BarColumn => 'bars' in column;

function headCell({ head = '', align }: TextColumn, width: number): string {
  const text = fit(head, width);
  return align === 'right' ? padding(text, width) + text : text + padding(text, width);
}

function barCell({ bars, paint }: BarColumn, row: number, width: number): string {
  const drawn = bar(bars[row] ?? 0, width);
  return (drawn === '' ? '' : paint(drawn)) + padding(drawn, width);
}

function textCell(column: TextColumn, row: number, width: number): string {
  const [text, aside] = fitBoth(column.texts[row] ?? '', asideOf(column, row), width);
  const space = padding(text + aside, width);
  const painted =
    (text === '' ? '' : (column.paint?.(text, row) ?? text)) +
    (aside === '' ? '' : (column.paintAside?.(aside) ?? aside));
  return column.align === 'right' ? space + painted : painted + space;
}

function asideOf({ asides }: TextColumn, row: number): string {
  const aside = asides?.[row] ?? '';
  return aside === '' ? '' : BETWEEN + aside;
}

/** Both in `width`; where that cuts, the shorter one keeps up to half. */
function fitBoth(text: string, aside: string, width: number): [text: string, aside: string] {
  const half = Math.floor(width / 2);
  const first = fit(text, Math.max(width - widthOf(aside), width - half));
  return [first, fit(aside, width - widthOf(first))];
}

const gaps = (columns: readonly Column[]): number => Math.max(0, columns.length - 1) * GAP.length;

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

const naturalWidth = (column: TextColumn): number =>
  Math.max(
    widthOf(column.head ?? ''),
    ...column.texts.map((text, row) => widthOf(text) + widthOf(asideOf(column, row))),
  );

function hasRoomForBars(columns: readonly Column[], width: number): boolean {
  const needed = columns.map((column) =>
    isBar(column) ? SHORTEST_BAR : Math.min(naturalWidth(column), column.least ?? Number.POSITIVE_INFINITY),
  );
  return sum(needed) + gaps(columns) <= width;
}

function columnWidths(columns: readonly Column[], width: number, fill: boolean): number[] {
  const room = width - gaps(columns);
  const widths = columns.map((column) =>
    isBar(column) ? SHORTEST_BAR : Math.min(naturalWidth(column), width),
  );
  const floors = columns.map((column, index) =>
    isBar(column) ? SHORTEST_BAR : (column.least ?? widths[index]!),
  );
  narrow(widths, floors, room);

  const left = room - sum(widths);
  const bars = columns.findIndex(isBar);
  if (bars >= 0) widths[bars]! += left;
  else if (fill)
    widths[columns.findLastIndex((column) => !isBar(column) && column.align !== 'right')]! += left;
  return widths;
}

/** Takes from the widest first, so that short columns stay whole; below the floors only where nothing else is left. */
function narrow(widths: number[], floors: readonly number[], room: number): void {
  for (let excess = sum(widths) - room; excess > 0; excess--) {
    const above = widths.map((width, index) => (width > floors[index]! ? width : 0));
    const candidates = Math.max(...above) > 0 ? above : widths;
    widths[candidates.indexOf(Math.max(...candidates))]! -= 1;
  }
}
