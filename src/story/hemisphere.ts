import { type Sql, sql } from '../sql/sql.ts';

/**
 * ISO 3166 codes of the countries south of the equator. Source: `zone.tab` of IANA's time zone database (2025b), which gives the place that
 * each zone is named for: those whose first zone's place has a southern latitude. Of countries on both sides only BR (in here) and KI (not)
 * have zones on both; others, such as EC, ID and KE, go with the place that they have, mostly the capital.
 */
const SOUTHERN = [
  'AO AQ AR AS AU BI BO BR BW CC CD CG CK CL CX EC FJ FK GS ID',
  'IO KE KM LS MG MU MW MZ NA NC NF NR NU NZ PE PF PG PN PY RE',
  'RW SB SC SH SZ TF TK TL TO TV TZ UY VU WF WS YT ZA ZM ZW',
].flatMap((codes) => codes.split(' '));

/** `southern` or `northern`, of a country as two letters in either case; null of any other text. */
export const hemisphereOf = (country: Sql): Sql =>
  sql`CASE WHEN upper(${country}) IN (${SOUTHERN}) THEN 'southern' WHEN length(${country}) = 2 THEN 'northern' END`;
