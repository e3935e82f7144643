import { DuckDBInstance } from '@duckdb/node-api';

/** A session of a DuckDB of its own, for what the program is measured against: with its defaults, but for the order of rows, which costs. */
export async function openDuckDB() {
  const instance = await DuckDBInstance.create(':memory:', { preserve_insertion_order: 'false' });
  const connection = await instance.connect();
  return {
    run: (query) => connection.run(query),
    rows: async (query) => (await connection.runAndReadAll(query)).getRowObjectsJS(),
    close: () => connection.closeSync(),
  };
}
