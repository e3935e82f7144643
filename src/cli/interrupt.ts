import { WrappedError } from '../error.ts';

const GOES_ON = 'The same command goes on where this one stopped.';

/** The user pressed Ctrl-C, or the machine wants the process gone. */
export class Interrupted extends WrappedError {
  /** @param hint what to do next; null: nothing */
  constructor(message = 'interrupted; what was finished is kept', hint: string | null = GOES_ON) {
    super(message, { hint: hint ?? undefined });
    this.name = 'Interrupted';
  }
}

/**
 * Runs `work` with a signal that the first Ctrl-C or SIGTERM sets off; a second one kills the process.
 * @param message what to say then, where it is not that the same command goes on
 */
export async function interruptible<Result>(
  work: (signal: AbortSignal) => Promise<Result>,
  message?: string,
): Promise<Result> {
  const controller = new AbortController();
  // Not `once`: the live display's own handler kills the process where it finds itself the only one.
  const interrupt = (signal: NodeJS.Signals) => {
    if (controller.signal.aborted) {
      release();
      process.kill(process.pid, signal);
    }
    controller.abort(new Interrupted(message, message === undefined ? GOES_ON : null));
  };
  const release = () => {
    process.removeListener('SIGINT', interrupt);
    process.removeListener('SIGTERM', interrupt);
  };
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', interrupt);
  try {
    return await work(controller.signal);
  } finally {
    release();
  }
}
