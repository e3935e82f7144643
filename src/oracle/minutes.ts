import type { ListenRow } from './listen-rows.ts';

const MS_PER_MINUTE = 60_000;

/** The `minutes` value of one user's listen rows in a year; null where none of them is music. */
export function minutes(rows: readonly ListenRow[]) {
  const music = rows.filter((row) => row.isMusic);
  if (music.length === 0) return null;
  const known = music.flatMap((row) => row.ms ?? []);
  const ms = known.reduce((sum, length) => sum + length, 0);
  return {
    minutes: known.length === 0 ? null : Math.floor(ms / MS_PER_MINUTE),
    plays: music.filter((row) => row.isPlay).length,
    listens: music.length,
    unknown_length: music.length - known.length,
    ms: known.length === 0 ? null : ms,
  };
}
