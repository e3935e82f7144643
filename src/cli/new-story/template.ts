/** What `wrapped stories --new` writes: a story that counts something, a case that it is right about, a test that says so. */

/** `One timers` of `one-timers` */
const titleOf = (id: string): string => {
  const words = id.replaceAll('-', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
};

export const storyText = (
  id: string,
): string => `import { defineStory, integer, list, listOf, object, sql, struct } from 'wrapped-engine';

export default defineStory({
  id: '${id}',
  version: 1,
  title: '${titleOf(id)}',
  summary: 'the artists you played once and never again that year',
  group: 'artists',
  source: 'ours',
  definition: \`
    How many artists a user played exactly once in the year, and in \\\`of\\\` how many in all. There is no ranking, so no ties.

    Without a play of a known artist there is no value.\`,
  reads: ['user_artist'],
  column: object({ artists: integer(), of: integer() }),
  query: ({ user_artist }) => sql\`
    SELECT user_year, \${struct({ artists: sql\`count(*) FILTER (plays = 1)\`, of: sql\`count(*)\` })} AS value
    FROM \${user_artist}
    GROUP BY user_year\`,
  decade: {
    reads: [],
    definition: 'Each year has its own.',
    column: object({ by_year: list(object({ year: integer(), artists: integer() })) }),
    query: ({ years }, { length }) => sql\`
      SELECT listener, \${struct({
        by_year: listOf(struct({ year: sql\`year\`, artists: sql\`value.artists\` }), { place: sql\`year\`, n: length }),
      })} AS value
      FROM \${years}
      GROUP BY listener\`,
  },
});
`;

/** The case's files, by their paths below its folder. */
export const caseTexts = (id: string): Readonly<Record<string, string>> => ({
  'case.json': `${JSON.stringify(
    {
      why: 'ann played Twice twice, Once once, and Skipped too briefly; bob played Once alone, in the last year.',
      decade: '2018-2019',
    },
    null,
    2,
  )}\n`,
  'plays.csv': `user_id,played_at,ms_played,track,artist
ann,2018-06-01T12:00:00Z,180000,Song,Once
ann,2019-06-01T12:00:00Z,180000,Song,Twice
ann,2019-06-02T12:00:00Z,180000,Song,Twice
ann,2019-06-03T12:00:00Z,180000,Song,Once
ann,2019-06-04T12:00:00Z,20000,Song,Skipped
bob,2019-06-01T12:00:00Z,180000,Song,Once
`,
  [`expected/${id}#2018.json`]: json({ ann: { artists: 1, of: 1 } }),
  [`expected/${id}#2019.json`]: json({ ann: { artists: 1, of: 2 }, bob: { artists: 1, of: 1 } }),
  [`expected/${id}#2018-2019.json`]: json({
    ann: {
      by_year: [
        { year: 2018, artists: 1 },
        { year: 2019, artists: 1 },
      ],
    },
    bob: { by_year: [{ year: 2019, artists: 1 }] },
  }),
});

const json = (values: Readonly<Record<string, unknown>>): string =>
  `{\n${Object.entries(values)
    .map(([user, value]) => `  ${JSON.stringify(user)}: ${JSON.stringify(value)}`)
    .join(',\n')}\n}\n`;

/** @param library where the test finds the package: its name, or the path of its main file */
export const testText = (id: string, library: string): string => `// node --test ${id}.test.mjs
import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { loadStories, runCase } from '${library}';

const cases = join(import.meta.dirname, 'fixtures', '${id}');

for (const name of readdirSync(cases)) {
  test(\`${id}: \${name}\`, async () => {
    const stories = (await loadStories(import.meta.dirname)).filter(({ id }) => id === '${id}');
    for (const { column, found, expected } of await runCase(join(cases, name), stories))
      assert.deepEqual(found, expected, column);
  });
}
`;
