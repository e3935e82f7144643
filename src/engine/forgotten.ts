import { createHash, randomBytes } from 'node:crypto';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { WrappedError } from '../error.ts';
import { commitOnce, removeFile } from '../files.ts';
import type { PlaysFile } from '../lake/lake.ts';
import type { YearSource } from '../lake/local-years.ts';
import type { Session } from '../sql/database.ts';
import { type Sql, sql } from '../sql/sql.ts';

const SALT = 'salt';
const HASH = /^[0-9a-f]{64}$/;

/**
 * Whom no run takes: users that `wrapped forget` removed.
 *
 *     WORK/forgotten/salt       made once
 *     WORK/forgotten/3f2a…      an empty file per user, named by a hash of the salt and the user's id
 *
 * A file each, so that two commands at once lose nothing. Who reads the folder can't list the users, but can tell of an id that they
 * know already whether it is among them.
 */
export class Forgotten {
  readonly #dir: string;
  readonly #salt: string | undefined;
  readonly #hashes: ReadonlySet<string>;

  private constructor(dir: string, salt: string | undefined, hashes: readonly string[]) {
    this.#dir = dir;
    this.#salt = salt;
    this.#hashes = new Set(hashes);
  }

  /** The list of a working folder. @throws WrappedError where there is a list without its salt */
  static async read(work: string): Promise<Forgotten> {
    const dir = join(work, 'forgotten');
    const names = await readdir(dir).catch(ifMissing([]));
    const hashes = names.filter((name) => HASH.test(name)).sort();
    const salt = await readFile(join(dir, SALT), 'utf8').catch(ifMissing(undefined));
    if (salt === undefined && hashes.length > 0) {
      throw new WrappedError(
        `${dir} lists ${hashes.length} forgotten users, and its file 'salt' is gone: nobody can tell who they are`,
        { hint: 'Bring that file back. Without it they would be in the next run again.' },
      );
    }
    return new Forgotten(dir, salt, hashes);
  }

  get size(): number {
    return this.#hashes.size;
  }

  /** Of who is on the list: 8 letters, or none where nobody is. */
  get print(): string {
    return this.size === 0
      ? ''
      : createHash('sha256')
          .update([...this.#hashes].join())
          .digest('hex')
          .slice(0, 8);
  }

  has(user: string): boolean {
    return this.#salt !== undefined && this.#hashes.has(hashOf(this.#salt, user));
  }

  /** Whether a user, an expression, is on the list. It hashes each row: meant for distinct users, or for the first row that is not. */
  holds(user: Sql): Sql {
    return this.#salt === undefined || this.size === 0
      ? sql`false`
      : sql`coalesce(sha256(${this.#salt} || ${user}) IN (${[...this.#hashes]}), false)`;
  }

  /** Puts a user on the list, for good, before it answers. @param scratch a folder of the same file system */
  async add(user: string, scratch: string): Promise<void> {
    const put = async (name: string, text: string) => {
      const temp = join(scratch, name);
      await writeFile(temp, text);
      await commitOnce(temp, join(this.#dir, name));
    };
    await put(SALT, this.#salt ?? randomBytes(32).toString('hex'));
    // Of two that make one at once, the first stays.
    await put(hashOf(await readFile(join(this.#dir, SALT), 'utf8'), user), '');
  }

  /** Takes a user off the list. */
  async remove(user: string): Promise<void> {
    if (this.#salt !== undefined) await removeFile(join(this.#dir, hashOf(this.#salt, user)));
  }
}

const hashOf = (salt: string, user: string): string =>
  createHash('sha256').update(`${salt}${user}`).digest('hex');

const ifMissing =
  <Value>(value: Value) =>
  (error: NodeJS.ErrnoException): Value => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return value;
    throw error;
  };

/** A year's plays without those of forgotten users. Only where somebody is forgotten, one pass over the users of what is still to be read says who of them is. */
export async function withoutForgotten(
  session: Session,
  source: YearSource,
  unread: readonly PlaysFile[],
  forgotten: Forgotten,
): Promise<YearSource> {
  if (forgotten.size === 0 || unread.length === 0) return source;
  const users = await forgottenIn(session, source.plays(unread), forgotten);
  if (users.length === 0) return source;
  return {
    ...source,
    plays: (files) => sql`SELECT * FROM (${source.plays(files)}) WHERE user_id NOT IN (${users})`,
  };
}

/** The users of some rows who are on the list. */
export async function forgottenIn(session: Session, rows: Sql, forgotten: Forgotten): Promise<string[]> {
  if (forgotten.size === 0) return [];
  const found = await session.rows<{ user_id: string }>(
    sql`SELECT user_id FROM (SELECT DISTINCT user_id FROM (${rows})) WHERE ${forgotten.holds(sql`user_id`)}`,
  );
  return found.map(({ user_id }) => user_id);
}
