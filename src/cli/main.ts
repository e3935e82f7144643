import { CommanderError } from 'commander';
import { messageOf, WrappedError } from '../error.ts';
import { Interrupted } from './interrupt.ts';
import { errorLines } from './output.ts';
import { buildProgram } from './program.ts';

/** Exit codes: 0 all is well, 1 some columns failed, 2 nothing could start, 130 interrupted. */
const NOTHING_STARTED = 2;
const INTERRUPTED = 130;

/** Runs the command line. The only place that catches, and, with the commands, that prints and sets the exit code. */
export async function main(argv: readonly string[]): Promise<void> {
  let isUnwritable = false;
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      // A reader such as `head` has seen enough; what is being computed goes on.
      if (error.code === 'EPIPE' || isUnwritable) return;
      isUnwritable = true;
      process.exitCode = NOTHING_STARTED;
      const which = stream === process.stdout ? 'output' : 'error';
      process.stderr.write(errorLines(`standard ${which} can't be written: ${error.message}`, undefined));
    });
  }
  try {
    await buildProgram().parseAsync([...argv]);
  } catch (error) {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? 0 : NOTHING_STARTED;
      return;
    }
    if (isUnwritable) return;
    const hint = error instanceof WrappedError ? error.hint : undefined;
    process.stderr.write(errorLines(messageOf(error), hint));
    if (process.env.WRAPPED_DEBUG && error instanceof Error) process.stderr.write(`${error.stack}\n`);
    process.exitCode = error instanceof Interrupted ? INTERRUPTED : NOTHING_STARTED;
  }
}
