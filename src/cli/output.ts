import picocolors from 'picocolors';

export { count, plural } from '../view/format.ts';

/** stdout is data, stderr is talk. */

/** Whether this stream may be coloured: a terminal, and no `NO_COLOR`. */
export const colorful = (stream: NodeJS.WriteStream): boolean =>
  stream.isTTY === true && !process.env.NO_COLOR && process.env.TERM !== 'dumb';

/** The columns of a terminal; 80 off one. */
export const terminalWidth = (stream: NodeJS.WriteStream): number =>
  Math.max(40, Math.min(stream.columns ?? 80, 120));

/** Colours for talk on stderr. */
export const talkColors = () => picocolors.createColors(colorful(process.stderr));

/** Prints one line, or several, of data. */
export const print = (text: string): void => {
  process.stdout.write(text.endsWith('\n') ? text : `${text}\n`);
};

/** Prints one object as one line of JSON. */
export const printJson = (value: unknown): void => print(JSON.stringify(value));

/** Says something beside the data. */
export const say = (text: string): void => {
  process.stderr.write(`${text}\n`);
};

/** An error as a person reads it: what is wrong, and what to do next. */
export function errorLines(message: string, hint: string | undefined): string {
  const colors = talkColors();
  return `${colors.red('error:')} ${message}\n${hint === undefined ? '' : `${colors.dim('  →')} ${hint}\n`}`;
}

/** `1.2 MB` */
export function size(bytes: number): string {
  const units = ['bytes', 'KB', 'MB', 'GB', 'TB'];
  const power = bytes < 1000 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3));
  return power === 0 ? `${bytes} bytes` : `${(bytes / 1000 ** power).toFixed(1)} ${units[power]}`;
}

/** `0.8 s`, `3 min 20 s`, `2 h 5 min` */
export function duration(seconds: number): string {
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}
