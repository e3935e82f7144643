import { availableParallelism } from 'node:os';
import type { DuckDBConnection } from '@duckdb/node-api';
import { WrappedError } from '../error.ts';
import type { Sql } from './sql.ts';

/** How much of the machine a database may use. */
export interface DatabaseOptions {
  /** Threads of one query, at most 64, or four a core. Default: the number of cores. */
  readonly threads?: number | undefined;
  /** Bytes of memory. Default: DuckDB's own, 80 % of the machine. */
  readonly memory?: number | undefined;
  /** The folder that larger-than-memory queries spill to. Without it nothing is spilled. */
  readonly temp?: string | undefined;
  /** Bytes that the folder may grow to. Default: DuckDB's own, 90 % of what is free there. */
  readonly tempSize?: number | undefined;
}

/** A row as a plain object: BIGINT and HUGEINT as `bigint`, timestamps as `Date`, lists and structs as JSON. */
export type SqlRow = Record<string, unknown>;

/** One connection of an embedded database: runs one statement at a time. Many sessions of one database run at once. */
export interface Session {
  run(statement: Sql): Promise<void>;
  rows<Row extends SqlRow = SqlRow>(statement: Sql): Promise<Row[]>;
  /** The rows a chunk (up to 2,048) at a time, so that memory stays flat. */
  chunks<Row extends SqlRow = SqlRow>(statement: Sql): AsyncIterable<Row[]>;
  /** Stops the running statement, which then rejects. */
  interrupt(): void;
  close(): void;
}

/** An embedded database that lives in memory and reads and writes files. Whoever opens it closes it. */
export interface Database {
  session(): Promise<Session>;
  /**
   * Does work that groups many millions of rows, while nothing else runs. Of up to two threads DuckDB (1.5) groups each one's rows in a single
   * hash table, which grows beyond every cache; from three on it partitions them. So on two cores it takes three threads for it, unless it was told
   * how many: 50 M plays are then grouped in 9.2 s instead of 13.3. Small work takes longer so, and so do aggregates that keep much of each group.
   */
  groupingMany<Result>(work: () => Promise<Result>): Promise<Result>;
  close(): void;
}

/** DuckDB's client, loaded where it is needed: not for --help. */
const duckdb = () => import('@duckdb/node-api');

/** More threads than this make nothing faster, and as many as anyone may ask for would take the machine down. */
const mostThreads = (cores: number): number => Math.max(64, 4 * cores);

/**
 * Opens DuckDB. It is told never to fetch or load an extension: all that is needed is linked in. Rows come in no order
 * but that of an `ORDER BY`.
 * @throws WrappedError where more threads are asked for than the machine should start
 */
export async function openDatabase(options: DatabaseOptions = {}): Promise<Database> {
  const cores = availableParallelism();
  if (options.threads !== undefined && options.threads > mostThreads(cores)) {
    throw new WrappedError(
      `threads: found ${options.threads}, expected at most ${mostThreads(cores)}: this machine has ${cores} ${cores === 1 ? 'core' : 'cores'}`,
      { hint: 'Leave --threads out to use every core.' },
    );
  }
  const { DuckDBInstance } = await duckdb();
  const instance = await DuckDBInstance.create(':memory:', {
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    preserve_insertion_order: 'false',
    // Giving freed memory back to the system after each task costs 5 to 8 % of a run, and saves none of its peak.
    allocator_flush_threshold: '1TB',
    ...(options.threads === undefined ? {} : { threads: String(options.threads) }),
    ...(options.memory === undefined ? {} : { memory_limit: `${Math.floor(options.memory)}B` }),
    ...(options.temp === undefined ? { temp_directory: '' } : { temp_directory: options.temp }),
    ...(options.tempSize === undefined
      ? {}
      : { max_temp_directory_size: `${Math.floor(options.tempSize)}B` }),
  });
  return {
    session: async () => {
      const connection = await instance.connect();
      await connection.run("SET TimeZone = 'UTC'");
      return openSession(connection);
    },
    async groupingMany(work) {
      if (options.threads !== undefined || cores !== 2) return work();
      const connection = await instance.connect();
      try {
        await connection.run('SET threads = 3');
        return await work();
      } finally {
        await connection.run('RESET threads');
        connection.closeSync();
      }
    },
    close: () => instance.closeSync(),
  };
}

/** Runs work in a session of a database of its own, opened before and closed after. */
export async function withDatabase<Result>(work: (session: Session) => Promise<Result>): Promise<Result> {
  const database = await openDatabase();
  try {
    return await work(await database.session());
  } finally {
    database.close();
  }
}

function openSession(connection: DuckDBConnection): Session {
  return {
    async run(statement) {
      await connection.run(statement.text);
    },
    async rows<Row extends SqlRow>(statement: Sql) {
      const reader = await connection.runAndReadAll(statement.text);
      return reader.getRowObjectsJS() as Row[];
    },
    async *chunks<Row extends SqlRow>(statement: Sql) {
      const result = await connection.stream(statement.text);
      for await (const rows of result.yieldRowObjectJs()) yield rows as Row[];
    },
    interrupt: () => connection.interrupt(),
    close: () => connection.closeSync(),
  };
}
