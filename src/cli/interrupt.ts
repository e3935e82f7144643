import { WrappedError } from '../error.ts';

/** The user pressed Ctrl-C, or the machine wants the process gone. */
export class Interrupted extends WrappedError {
  /** @param goesOn whether the same command goes on where this one stopped */
  constructor(message = 'interrupted; what was finished is kept', goesOn = true) {
    super(message, { hint: goesOn ? 'The same command goes on where this one stopped.' : undefined });
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
    controller.abort(new Interrupted(message, message === undefined));
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
