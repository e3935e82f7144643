import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { withDatabase } from '../../src/sql/database.ts';
import { sql } from '../../src/sql/sql.ts';
import { hemisphereOf } from '../../src/story/index.ts';

const of = (country: string | null) =>
  withDatabase(async (session) => {
    const [row] = await session.rows<{ hemisphere: string | null }>(
      sql`SELECT ${hemisphereOf(sql`${country}::VARCHAR`)} AS hemisphere`,
    );
    return row?.hemisphere;
  });

test.each([
  ['DE', 'northern'],
  ['nz', 'southern'],
  ['EC', 'southern'],
  ['KI', 'northern'],
  ['Australia', null],
  ['', null],
  [null, null],
])('%s is %s', async (country, hemisphere) => expect(await of(country)).toBe(hemisphere));

const ZONES = '/usr/share/zoneinfo/zone.tab';

test.skipIf(!existsSync(ZONES))('every country is where the first place of its zones is', async () => {
  const first = new Map<string, string>();
  for (const line of readFileSync(ZONES, 'utf8').split('\n')) {
    const [country, place] = line.split('\t');
    if (country && place && !line.startsWith('#') && !first.has(country)) first.set(country, place);
  }
  expect(first.size).toBeGreaterThan(200);
  const expected = [...first].map(([country, place]) => [
    country,
    place.startsWith('-') ? 'southern' : 'northern',
  ]);
  const found = await withDatabase((session) =>
    session.rows<{ country: string; hemisphere: string }>(
      sql`SELECT country, ${hemisphereOf(sql`country`)} AS hemisphere FROM (SELECT unnest([${[...first.keys()]}]) AS country)`,
    ),
  );
  expect(found.map(({ country, hemisphere }) => [country, hemisphere])).toEqual(expected);
});
