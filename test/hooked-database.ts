import type { Database, SqlRow } from '../src/sql/database.ts';
import type { Sql } from '../src/sql/sql.ts';

/** A database whose sessions hand each statement to `before` first, which may throw. */
export const hookedDatabase = (
  database: Database,
  before: (statement: Sql) => void | Promise<void>,
): Database => ({
  ...database,
  async session() {
    const session = await database.session();
    return {
      ...session,
      async run(statement) {
        await before(statement);
        await session.run(statement);
      },
      async rows<Row extends SqlRow>(statement: Sql) {
        await before(statement);
        return session.rows<Row>(statement);
      },
      async *chunks<Row extends SqlRow>(statement: Sql) {
        await before(statement);
        yield* session.chunks<Row>(statement);
      },
    };
  },
});
