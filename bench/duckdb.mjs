import { DuckDBInstance } from '@duckdb/node-api';

/** A session of a DuckDB of its own, for what the program is measured against: with its defaults, but that it fetches nothing and keeps no order. */
export async function openDuckDB() {
  const instance = await DuckDBInstance.create(':memory:', {
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    preserve_insertion_order: 'false',
  });
  const connection = await instance.connect();
  return {
    run: (query) => connection.run(query),
    rows: async (query) => (await connection.runAndReadAll(query)).getRowObjectsJS(),
    close: () => connection.closeSync(),
  };
}
