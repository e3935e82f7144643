import { count, duration } from './format.ts';
import { heading, type Page } from './page.ts';
import { table } from './table.ts';
import { wrap } from './text.ts';

/** A list's first items that are shown: the days of a month, the hours of a day. */
const LONGEST_LIST = 31;

/** A table has no more columns than can be this wide. */
const LEAST_COLUMN = 6;

/** Narrower than this, an object is told in running text. */
const LEAST_BLOCK = 24;

const INDENT = '  ';

type Fields = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Any story's value, readable: fields as aligned lines, lists as small tables. Years are not grouped by thousands, `ms` becomes time. */
export const renderGeneric = (value: unknown, page: Page): string[] => [
  heading(page, page.colors.cyan),
  ...block(value, page.width, page),
];

function block(value: unknown, width: number, page: Page): string[] {
  if (width >= LEAST_BLOCK) {
    if (Array.isArray(value)) return listBlock(value, width, page);
    if (isObject(value)) return objectBlock(value, width, page);
  }
  return wrap(inline(value), width);
}

function objectBlock(value: Fields, width: number, page: Page): string[] {
  const fields = shownKeys(value).map((key) => [key, value[key]] as const);
  const flat = fields.filter(([, part]) => !isNested(part));
  const flatLines = table(
    [
      { texts: flat.map(([key]) => label(key)), least: LEAST_COLUMN, paint: page.colors.dim },
      { texts: flat.map(([key, part]) => inline(part, key)), least: LEAST_COLUMN },
    ],
    width,
  ).rows;
  const nestedLines = fields
    .filter(([, part]) => isNested(part))
    .flatMap(([key, part]) => [
      ...wrap(label(key), width).map(page.colors.dim),
      ...block(part, width - INDENT.length, page).map((line) => INDENT + line),
    ]);
  return [...flatLines, ...nestedLines];
}

const isNested = (value: unknown): boolean =>
  Array.isArray(value) ? value.length > 0 : isObject(value) && Object.keys(value).length > 0;

function listBlock(list: readonly unknown[], width: number, page: Page): string[] {
  if (list.length === 0) return ['none'];
  const shown = list.slice(0, LONGEST_LIST);
  const lines = shown.every(isObject)
    ? objectTable(shown, width, page)
    : wrap(shown.map((item) => inline(item)).join(', '), width);
  const more = list.length - shown.length;
  return more === 0 ? lines : [...lines, page.colors.dim(`… and ${count(more)} more`)];
}

function objectTable(list: readonly Fields[], width: number, page: Page): string[] {
  const most = Math.max(1, Math.floor(width / (LEAST_COLUMN + '  '.length)));
  const keys = [...new Set(list.flatMap(shownKeys))].slice(0, most);
  const columns = keys.map((key) => {
    const parts = list.map((item) => item[key]);
    const isNumeric = parts.every((part) => typeof part === 'number' || part === null || part === undefined);
    return {
      head: label(key),
      texts: parts.map((part) => (part === undefined ? '' : inline(part, key))),
      ...(isNumeric ? { align: 'right' as const } : { least: LEAST_COLUMN }),
    };
  });
  const { head, rows } = table(columns, width);
  return [page.colors.dim(head), ...rows];
}

/** An object's keys, without the id of what it names: `artist_id` beside `artist`. */
const shownKeys = (value: Fields): string[] =>
  Object.keys(value).filter((key) => !(key.endsWith('_id') && key.slice(0, -'_id'.length) in value));

const isMilliseconds = (key: string): boolean => /(^|_)ms$/.test(key);

const isYear = (key: string): boolean => /(^|_)year$/.test(key);

const label = (key: string): string => key.replace(/(^|_)ms$/, '$1time').replaceAll('_', ' ');

/** A value in running text; `key` tells what a number is. */
function inline(value: unknown, key = ''): string {
  if (value === null || value === undefined) return 'unknown';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (typeof value === 'number') {
    if (isYear(key)) return String(value);
    return isMilliseconds(key) ? duration(value) : count(value);
  }
  if (Array.isArray(value)) return value.length === 0 ? 'none' : value.map((item) => inline(item)).join(', ');
  if (!isObject(value)) return String(value);
  const fields = shownKeys(value).map((key) => `${label(key)}: ${inline(value[key], key)}`);
  return fields.length === 0 ? 'none' : fields.join(', ');
}
