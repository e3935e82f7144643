import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';

const WRAPPED = join(import.meta.dirname, '..', 'bin', 'wrapped.cjs');

const OPTIONS = { encoding: 'utf8', maxBuffer: 2 ** 28 };

/** Runs a command of the command line. What it printed, seconds of wall clock, and its peak memory in bytes where /usr/bin/time tells. */
export function wrapped(...args) {
  const timed = existsSync('/usr/bin/time');
  const started = performance.now();
  const { status, stdout, stderr } = timed
    ? spawnSync('/usr/bin/time', ['-v', process.execPath, WRAPPED, ...args], OPTIONS)
    : spawnSync(process.execPath, [WRAPPED, ...args], OPTIONS);
  const seconds = (performance.now() - started) / 1000;
  if (status !== 0) throw new Error(`wrapped ${args.join(' ')}: exit ${status}\n${stderr}`);
  const kilobytes = /Maximum resident set size \(kbytes\): (\d+)/.exec(stderr)?.[1];
  return { stdout, seconds, peak: kilobytes === undefined ? undefined : Number(kilobytes) * 1024 };
}

export const machine = () =>
  `${cpus().length} cores (${cpus()[0]?.model.trim()}), ${Math.round(totalmem() / 2 ** 30)} GB, Node ${process.version}`;

export const median = (numbers) => numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)];
export const seconds = (value) => `${value.toFixed(1)} s`;
export const ratio = (value) => value.toFixed(2);
