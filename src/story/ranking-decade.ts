import { ident, join, type Sql, sql } from '../sql/sql.ts';
import type { Decade, DecadeContext, DecadeRelations } from './decade.ts';
import {
  knownMs,
  listOf,
  nameOrder,
  nthHighest,
  rowNumberIn,
  struct,
  valueAtHighest,
  wholeSum,
} from './helpers.ts';
import type { Relations, TotalsName } from './story.ts';
import { boolean, type ColumnType, integer, list, nullable, object, optional } from './types.ts';

/** What a ranking of years has in its values, and where its totals are. */
interface Ranking<Reads extends TotalsName> {
  /** The key of the list in the yearly value, most played first: `artists`. */
  readonly list: string;
  /** How many entries a list holds. */
  readonly length: number;
  /** What a list's entry shows beside its plays, in the order that breaks ties. */
  readonly shows: Readonly<Record<string, ColumnType>>;
  /** What makes an entry the same in every year: see `DecadeContext.same`. */
  readonly same: { readonly id?: string; readonly names: readonly string[] };
  readonly reads: readonly Reads[];
  /** Plays by user and thing, from totals: `user_year`, `key`, `plays`, `ms`, `unknown_lengths`. */
  readonly plays: (relations: Relations<Reads>) => Sql;
  /** The things that `key` numbers: `key`, and what `shows` names. A row each. */
  readonly things: (relations: Relations<Reads>) => Sql;
  /** Also tell which entry was in the yearly lists most often. */
  readonly faithful?: true;
}

/**
 * A ranking's decade: the entries of most plays over all its years, and the number one of each.
 *
 * Adding up yearly lists would be wrong: what came eleventh every year may be first of the decade. So plays are added up over all
 * totals, and ties broken as in a year. A thing is shown as the newest year shows it in which anyone played it.
 *
 * Where totals are gone, all that the yearly lists tell is a range: an entry has the plays of the lists that it is in, and in each other
 * year at most those of the list's last place. Then `exact` is false, and an entry has `plays_min` and `plays_max`; of what is in no list
 * nothing is known. This is the first phase of the threshold method (Fagin; TPUT, Cao and Wang 2004). Its other phases, exact sums for
 * those entries that can still reach the top ten, took as long as adding up everything: see docs/architecture.md.
 */
export function rankingDecade<const Reads extends TotalsName>(ranking: Ranking<Reads>): Decade {
  const { list: key, shows } = ranking;
  const named = object({ ...shows });
  return {
    reads: ranking.reads,
    definition: `
      The ${ranking.length} ${key} of most plays over all years, not those of the yearly lists added up: plays are added up over the totals, and
      ties broken as in a year. What is shown of a thing is what the newest year shows in which anyone played it. \`by_year\` has each year's
      number one. ${ranking.faithful ? '`faithful` was in the yearly lists most often, then by its plays within those, then ms (an unknown one adds 0), then name.' : ''}

      Where totals are gone, \`exact\` is false: \`plays_min\` is what the yearly lists add up to, \`plays_max\` adds for each year in whose
      list the thing is not the plays of that list's last place, and the order is by \`plays_min\`.`,
    column: object({
      [key]: list(
        object({
          ...named.fields,
          plays: optional(integer()),
          ms: nullable(integer()),
          plays_min: optional(integer()),
          plays_max: optional(integer()),
        }),
      ),
      distinct: optional(integer()),
      by_year: list(object({ year: integer(), ...named.fields, plays: integer() })),
      ...(ranking.faithful && { faithful: object({ ...named.fields, years: integer(), plays: integer() }) }),
      exact: boolean(),
    }),
    shared: (relations, context) => numbered(ranking, relations, context),
    query: (relations, context) => reduced(ranking, relations, context, exactTop(ranking, relations)),
    bounds: (relations, context) => reduced(ranking, relations, context, knownTop(ranking)),
  };
}

/**
 * The statement around the list: `top` is a `WITH` query of that name, of `listener`, `entries`, `distinct`. It may read `listed`, the yearly
 * lists, and `entry`, what is in them.
 */
function reduced<Reads extends TotalsName>(
  ranking: Ranking<Reads>,
  { years }: Pick<DecadeRelations, 'years'>,
  { same, length }: DecadeContext,
  { top, exact }: { readonly top: Sql; readonly exact: boolean },
): Sql {
  const shows = Object.keys(ranking.shows);
  const fields = (from: string) =>
    Object.fromEntries(shows.map((name) => [name, ident(from, name)] as const));
  const inValue = ident('value', ranking.list);
  return sql`
    WITH listed AS (SELECT listener, year, ${inValue} AS entries, value."distinct" AS "distinct" FROM ${years}),
    number_one AS (
      SELECT listener, ${listOf(struct({ year: sql`year`, ...fields('first'), plays: sql`first.plays` }), {
        place: sql`year`,
        n: length,
      })} AS by_year
      FROM (SELECT listener, year, entries[1] AS first FROM listed WHERE len(entries) > 0)
      GROUP BY listener
    ),
    entry AS (
      SELECT *, ${same(ranking.same.id, ranking.same.names)} AS same
      FROM (
        SELECT listener, year, ${join(shows.map((name) => ident('entry', name)))}, entry.plays AS plays, coalesce(entry.ms, 0) AS ms
        FROM (SELECT listener, year, unnest(entries) AS entry FROM listed)
      )
    ),
    ${
      ranking.faithful === undefined
        ? sql``
        : sql`
    faithful AS (
      SELECT listener, ${listOf(struct({ ...fields('often'), years: sql`years`, plays: sql`plays` }), {
        place: struct({ years: sql`-years`, plays: sql`-plays`, ms: sql`-ms`, ...orderOf(shows) }),
        n: 1,
      })}[1] AS faithful
      FROM (
        SELECT listener, same, count(*) AS years, sum(plays)::BIGINT AS plays, sum(ms)::BIGINT AS ms, ${newestOf(shows)}
        FROM entry
        GROUP BY listener, same
      ) AS often
      GROUP BY listener
    ),`
    }
    ${top}
    SELECT listener, ${struct({
      [ranking.list]: sql`coalesce(top.entries, [])`,
      distinct: sql`top."distinct"`,
      by_year: sql`by_year`,
      ...(ranking.faithful && { faithful: sql`faithful` }),
      exact: sql`${exact}`,
    })} AS value
    FROM number_one LEFT JOIN top USING (listener) ${ranking.faithful ? sql`LEFT JOIN faithful USING (listener)` : sql``}`;
}

/** The order of names, as the fields of a struct. */
const orderOf = (names: readonly string[]): Record<string, Sql> => ({
  ...Object.fromEntries(names.map((name) => [`${name}_text`, sql`coalesce(${ident(name)}, '')`])),
  ...Object.fromEntries(names.map((name) => [`${name}_known`, sql`${ident(name)} IS NOT NULL`])),
});

/** What the newest year shows, in an aggregate over rows of several years. */
const newestOf = (shows: readonly string[]): Sql =>
  join(shows.map((name) => sql`${valueAtHighest(ident(name), sql`year`)} AS ${ident(name)}`));

/**
 * Numbers of things that hold for the whole decade: those of a year are of that year alone. `newest`: the number of each, and its key in
 * the newest year that has it; `number_2010` and so on: a year's key to that number.
 */
function numbered<Reads extends TotalsName>(
  { things, same: sameBy }: Ranking<Reads>,
  relations: DecadeRelations<Reads>,
  { same }: DecadeContext,
): Record<string, Sql> {
  return {
    of_year: sql`SELECT key, ${same(sameBy.id, sameBy.names)} AS same FROM (${things(relations)})`,
    newest: sql`SELECT same, max(key) AS key FROM of_year GROUP BY same`,
    number: sql`SELECT of_year.key, ${rowNumberIn('newest')}::UINTEGER AS thing FROM of_year JOIN newest USING (same)`,
    ...Object.fromEntries(
      relations.each_year.map(({ year, has }) => [
        numberOf(year),
        sql`SELECT * FROM number WHERE ${has(sql`key`)}`,
      ]),
    ),
  };
}

const numberOf = (year: number): string => `number_${year}`;

/** Sums over all totals, by things as {@link numbered} numbers them. Names settle ties, and are looked up of those that may be in the list. */
function exactTop<Reads extends TotalsName>(
  { plays, things, shows, length }: Ranking<Reads>,
  relations: DecadeRelations<Reads>,
): { top: Sql; exact: true } {
  const names = Object.keys(shows);
  const playsOf = relations.each_year.map(
    (of) => sql`
        SELECT listener, thing, plays, ms, unknown_lengths
        FROM (${plays(of)}) JOIN ${of.listener_year} USING (user_year) JOIN ${ident(numberOf(of.year))} USING (key)`,
  );
  return {
    exact: true,
    top: sql`
    played AS MATERIALIZED (
      SELECT
        listener,
        thing,
        ${wholeSum(sql`plays`)} AS plays,
        ${wholeSum(sql`ms`)} AS ms,
        max(unknown_lengths) AS unknown_lengths
      FROM (${join(playsOf, ' UNION ALL ')})
      GROUP BY listener, thing
    ),
    last AS (
      SELECT listener, count(*) AS "distinct", ${nthHighest(sql`plays`, length)} AS least FROM played GROUP BY listener
    ),
    first AS MATERIALIZED (SELECT * FROM played JOIN last USING (listener) WHERE plays >= least),
    top AS (
      SELECT listener, ${listOf(
        struct({
          ...Object.fromEntries(names.map((name) => [name, ident('shown', name)])),
          plays: sql`plays`,
          ms: knownMs,
          plays_min: sql`NULL::BIGINT`,
          plays_max: sql`NULL::BIGINT`,
        }),
        { place: struct({ plays: sql`-plays`, ms: sql`-ms`, ...orderOf(names) }), n: length },
      )} AS entries, any_value("distinct") AS "distinct"
      FROM first JOIN newest ON thing = ${rowNumberIn('newest')} JOIN (${things(relations)}) AS shown USING (key)
      GROUP BY listener
    )`,
  };
}

/** What yearly lists tell: a list that is cut says of anything else that it had at most the plays of its last place. */
function knownTop({ shows, length }: Ranking<TotalsName>): { top: Sql; exact: false } {
  const names = Object.keys(shows);
  return {
    exact: false,
    top: sql`
    cut AS (
      SELECT listener, year, CASE WHEN "distinct" > len(entries) THEN entries[len(entries)].plays ELSE 0 END AS least FROM listed
    ),
    known AS (
      SELECT listener, same, sum(plays)::BIGINT AS plays, sum(ms)::BIGINT AS ms, sum(least)::BIGINT AS least, ${newestOf(names)}
      FROM entry JOIN cut USING (listener, year)
      GROUP BY listener, same
    ),
    top AS (
      SELECT listener, ${listOf(
        struct({
          ...Object.fromEntries(names.map((name) => [name, ident(name)])),
          plays: sql`NULL::BIGINT`,
          ms: sql`NULL::BIGINT`,
          plays_min: sql`plays`,
          plays_max: sql`plays + all_least - least`,
        }),
        { place: sql`place`, n: length },
      )} AS entries, NULL::BIGINT AS "distinct"
      FROM (
        SELECT *, row_number() OVER (PARTITION BY listener ORDER BY plays DESC, ms DESC, ${nameOrder(names)}) AS place FROM known
      ) JOIN (SELECT listener, sum(least)::BIGINT AS all_least FROM cut GROUP BY listener) USING (listener)
      GROUP BY listener
    )`,
  };
}
