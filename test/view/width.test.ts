import fc from 'fast-check';
import stringWidth from 'string-width';
import { expect, test } from 'vitest';
import { renderRow } from '../../src/view/render-row.ts';
import { storyViews } from '../../src/view/stories/index.ts';
import { stories } from '../../stories/index.ts';

const name = fc.string({ unit: 'grapheme', maxLength: 90 });
const amount = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER });
const unknown = fc.option(amount);
const share = fc.double({ min: 0, max: 1, noNaN: true });
const code = fc
  .tuple(...[...['FE', 'NT', 'VL', 'CU']].map((letters) => fc.constantFrom(...letters)))
  .map((letters) => letters.join(''));
const axis = fc.option(share);
const axes = fc.record({ familiarity: axis, newness: axis, variety: axis, popularity: axis });
const upToTen = <Value>(item: fc.Arbitrary<Value>) => fc.array(item, { maxLength: 10 });

const date = fc.oneof(fc.constant('2019-03-05'), name);
const run = { days: amount, from: date, to: date };
const played = fc.record({ track: fc.option(name), artist: fc.option(name), plays: amount, day: date });

const returned = fc.record({
  artist: fc.option(name),
  plays: amount,
  ms: unknown,
  last: date,
  again: date,
  days: amount,
});

const named = fc.record({ artist: fc.option(name), artist_id: name });
const song = fc.record({ track: fc.option(name), artist: fc.option(name), track_id: name });
const season = fc.option(fc.record({ plays: amount, artist: fc.option(named), track: fc.option(song) }));
const skipped = fc.option(
  fc.record({ artist: fc.option(name), artist_id: name, listens: amount, skipped: amount, share }),
);

const KNOWN = {
  minutes: fc.record({ minutes: unknown, plays: amount, listens: amount, unknown_length: amount }),
  'top-artist': fc.record({
    artists: upToTen(fc.record({ artist: fc.option(name), plays: amount, ms: unknown })),
    distinct: amount,
  }),
  'top-track': fc.record({
    tracks: upToTen(
      fc.record({ track: fc.option(name), artist: fc.option(name), plays: amount, ms: unknown }),
    ),
    distinct: amount,
  }),
  'top-genre': fc.record({
    genres: upToTen(fc.record({ genre: name, plays: amount, share, ms: unknown })),
    distinct: amount,
  }),
  'top-fan': fc.record({ artist: fc.option(name), by: name, place: amount, listeners: amount, top: share }),
  'new-artists': fc.record({
    new: amount,
    of: amount,
    share,
    artists: upToTen(fc.record({ artist: fc.option(name), plays: amount, ms: unknown })),
  }),
  counts: fc.record({
    tracks: unknown,
    artists: unknown,
    albums: unknown,
    genres: unknown,
    days: amount,
    plays_a_day: fc.double({ min: 0, max: 1e6, noNaN: true }),
  }),
  skip: fc.record({
    listens: amount,
    skipped: amount,
    share,
    marked: unknown,
    most: skipped,
    least: skipped,
  }),
  'top-album': fc.record({
    albums: upToTen(
      fc.record({
        album: fc.option(name),
        artist: fc.option(name),
        album_id: name,
        plays: amount,
        ms: unknown,
        tracks: amount,
        of: amount,
      }),
    ),
    distinct: amount,
  }),
  'top-discovery': fc.record({
    tracks: fc.array(
      fc.record({
        track: fc.option(name),
        artist: fc.option(name),
        track_id: name,
        plays: amount,
        ms: unknown,
      }),
      { maxLength: 12 },
    ),
    distinct: amount,
  }),
  podcast: fc.record({
    minutes: unknown,
    episodes: amount,
    shows: upToTen(fc.record({ show: name, minutes: unknown, episodes: amount })),
  }),
  season: fc.record({
    hemisphere: fc.constantFrom(null, 'southern'),
    winter: season,
    spring: season,
    summer: season,
    autumn: season,
  }),
  loyalty: fc.record({
    kept: fc.option(
      fc.record({ still: amount, of: amount, artists: upToTen(fc.record({ artist: fc.option(name) })) }),
    ),
    most_months: fc.option(fc.record({ artist: fc.option(name), months: amount })),
  }),
  comeback: fc.record({ back: amount, artists: upToTen(returned), longest: returned }),
  tastemaker: fc.record({
    early: amount,
    of: amount,
    tracks: upToTen(
      fc.record({ track: fc.option(name), artist: fc.option(name), first: date, days: amount }),
    ),
  }),
  evolution: fc.record({
    phases: fc.array(
      fc.record({
        from: fc.integer({ min: 1, max: 12 }),
        to: fc.integer({ min: 1, max: 12 }),
        artists: upToTen(fc.record({ artist: fc.option(name), plays: amount })),
        genre: fc.option(fc.record({ genre: name })),
      }),
      { maxLength: 3 },
    ),
  }),
  'remarkable-day': fc.record({
    days: fc.array(
      fc.record({
        day: date,
        why: fc.constantFrom('most-minutes', 'top-artist', 'unlike', 'other'),
        minutes: unknown,
        plays: amount,
      }),
      { maxLength: 5 },
    ),
  }),
  era: fc.record({
    decades: upToTen(fc.record({ decade: amount, plays: amount, share })),
    median_year: amount,
    oldest: fc.record({ year: amount, track: fc.option(name), artist: fc.option(name) }),
    newest: fc.record({ year: amount, track: fc.option(name), artist: fc.option(name) }),
  }),
  'listening-age': fc.record({ age: amount, from: amount, to: amount, share, share_of_all: share }),
  'listening-personality': fc.record({ code, name, axes }),
  'listening-axes': fc.record({ axes }),
  weekday: fc.record({
    weekdays: fc.array(amount, { minLength: 7, maxLength: 7 }),
    peak: fc.record({ weekday: name, share }),
  }),
  streak: fc.record({
    longest: fc.record(run),
    of_artist: fc.option(fc.record({ artist: fc.option(name), ...run })),
  }),
  repeat: fc.record({ in_a_day: fc.option(played), in_a_row: fc.option(played) }),
  'biggest-day': fc.record({
    day: date,
    minutes: unknown,
    plays: amount,
    track: fc.option(fc.record({ track: fc.option(name), artist: fc.option(name), plays: amount })),
    artist: fc.option(fc.record({ artist: fc.option(name), plays: amount })),
    new_artists: fc.option(fc.record({ day: date, artists: amount })),
  }),
  'audio-day': fc.record({
    morning: fc.option(fc.record({ genre: name, share })),
    midday: fc.option(fc.record({ genre: name, share })),
    evening: fc.option(fc.record({ genre: name, share })),
    night: fc.option(fc.record({ genre: name, share })),
  }),
  session: fc.record({
    sessions: amount,
    mean_minutes: fc.double({ min: 0, max: 1e6, noNaN: true }),
    longest: fc.record({ minutes: amount, plays: amount, day: date }),
  }),
  'song-story': fc.record({
    track: fc.option(name),
    artist: fc.option(name),
    plays: amount,
    first: date,
    months: fc.array(amount, { minLength: 12, maxLength: 12 }),
    milestones: upToTen(fc.record({ plays: amount, day: date })),
  }),
  clock: fc.record({
    hours: fc.array(amount, { minLength: 24, maxLength: 24 }),
    peak: fc.record({ hour: fc.integer({ min: 0, max: 23 }), share }),
  }),
};

const columns = fc
  .array(
    fc.oneof(
      ...Object.entries(KNOWN).map(([story, value]) => fc.tuple(fc.constant(story), value)),
      fc.tuple(fc.constantFrom('own', ...Object.keys(KNOWN)), fc.jsonValue({ maxDepth: 4 })),
    ),
  )
  .chain((values) =>
    fc
      .array(fc.constantFrom('2017', '2018', '2019'), { minLength: values.length, maxLength: values.length })
      .map((years) => Object.fromEntries(values.map(([story, value], i) => [`${story}#${years[i]}`, value]))),
  );

test('every story that has a look of its own has a case here', () => {
  expect(Object.keys(KNOWN).sort()).toEqual(storyViews.map(({ story }) => story).sort());
});

test('no line is wider than the terminal, whatever the row', { timeout: 90_000 }, () => {
  fc.assert(
    fc.property(
      columns,
      name,
      fc.integer({ min: 48, max: 140 }),
      fc.boolean(),
      (columns, id, width, color) => {
        const shown = renderRow(
          { user_id: id, columns },
          { stories, width, color, missing: () => `no ${id} in this lake` },
        );
        const widths = shown.split('\n').map((line) => stringWidth(line));
        expect(Math.max(...widths)).toBeLessThanOrEqual(width);
        expect(shown).not.toContain('undefined');
        expect(shown).not.toContain('NaN');
      },
    ),
    { numRuns: 200 },
  );
});
