import type { Database, Session } from './database.ts';

/**
 * Runs `work` with a session that stops when `signal` says so: the running statement is interrupted and no
 * other is begun. What `work` throws from then on is the signal's reason. The session itself stays usable.
 */
export async function stoppable<Result>(
  session: Session,
  signal: AbortSignal | undefined,
  work: (session: Session) => Promise<Result>,
): Promise<Result> {
  const interrupt = () => session.interrupt();
  signal?.addEventListener('abort', interrupt);
  try {
    return await work({
      ...session,
      run: async (statement) => {
        signal?.throwIfAborted();
        await session.run(statement);
      },
      rows: async (statement) => {
        signal?.throwIfAborted();
        return session.rows(statement);
      },
    });
  } catch (error) {
    throw signal?.aborted ? signal.reason : error;
  } finally {
    signal?.removeEventListener('abort', interrupt);
  }
}

/** Does work with a session of its own; see {@link stoppable}. */
export async function inSession<Result>(
  database: Database,
  signal: AbortSignal | undefined,
  work: (session: Session) => Promise<Result>,
): Promise<Result> {
  signal?.throwIfAborted();
  const session = await database.session();
  try {
    return await stoppable(session, signal, work);
  } finally {
    session.close();
  }
}
