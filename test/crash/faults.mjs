/**
 * Loaded before the command line (`node --import`): at the Nth step that makes files durable (a write, a sync, a rename or a link), the process
 * is killed or the file system fails. All steps of ours go through `node:fs`, so that nothing of this is in the program.
 *
 *     FAULT=kill@17   FAULT=EIO@17   FAULT=ENOSPC@17+   (from then on)   FAULT=count@0 (counts to FAULT_LOG)
 */
import fs, { appendFileSync } from 'node:fs';
import promises, { open } from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';

const [, what = 'count', at = '0', on = ''] = /^(\w+)@(\d+)(\+?)$/.exec(process.env.FAULT ?? '') ?? [];
const CODES = { EIO: 'i/o error', ENOSPC: 'no space left on device' };
let steps = 0;

/** The error of this step, if it is to fail. */
function step(name) {
  steps += 1;
  if (what === 'count') return undefined;
  if (steps !== Number(at) && !(on === '+' && steps > Number(at))) return undefined;
  if (what === 'kill') process.kill(process.pid, 'SIGKILL');
  return Object.assign(new Error(`${what}: ${CODES[what]}, ${name}`), { code: what });
}

const handle = await open(new URL(import.meta.url).pathname);
const handles = Object.getPrototypeOf(handle);
await handle.close();

for (const [of, names] of [
  [promises, ['rename', 'link', 'writeFile', 'copyFile']],
  [handles, ['sync', 'datasync', 'appendFile']],
]) {
  for (const name of names) {
    const real = of[name];
    of[name] = function (...args) {
      const error = step(name);
      return error === undefined ? real.apply(this, args) : Promise.reject(error);
    };
  }
}
for (const name of ['write', 'fsync', 'rename']) {
  const real = fs[name];
  fs[name] = (...args) => {
    const error = step(name);
    return error === undefined ? real(...args) : process.nextTick(args.at(-1), error);
  };
  // Without it, promisify takes the one of the real.
  fs[name][Symbol.for('nodejs.util.promisify.custom')] = undefined;
}
syncBuiltinESMExports();

process.on('exit', () => {
  if (process.env.FAULT_LOG) appendFileSync(process.env.FAULT_LOG, `${steps}\n`);
});
