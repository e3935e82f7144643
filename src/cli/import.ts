import { Command, Option } from 'commander';
import { WrappedError } from '../error.ts';
import type { FileReport, GenresReport, ImportReport, OverlapMode } from '../lake/import.ts';
import { IMPORTERS } from '../lake/importers/index.ts';
import { withDatabase } from '../sql/database.ts';
import { refuseForgotten } from './forget.ts';
import { interruptible } from './interrupt.ts';
import { type PlaceOptions, places, withConfig } from './options.ts';
import { count, duration, plural, print, printJson, say, talkColors } from './output.ts';

interface Options extends PlaceOptions {
  readonly user?: string;
  readonly format?: string;
  readonly overlap: OverlapMode;
  readonly genres?: string;
  readonly json?: true;
}

export const importCommand = (): Command =>
  withConfig(new Command('import'))
    .description(
      'turn exports into a lake: zips, folders or files of Spotify, Apple Music, YouTube Music, Last.fm or ListenBrainz',
    )
    .argument('[paths...]', 'exports; their format is recognised from the content')
    .option('--user <id>', 'whose listening it is: any name; needed with paths and --timezone')
    .option('--lake <dir>', 'the lake to add to (default: ./lake)')
    .option(
      '--timezone <iana>',
      "the user's time zone, such as Europe/Berlin: decides where a year begins (default: UTC)",
    )
    .addOption(
      new Option('--format <format>', 'read the files as this format').choices(IMPORTERS.map(({ id }) => id)),
    )
    .addOption(
      new Option(
        '--overlap <mode>',
        "when another source already has plays of that user's time: refuse, skip that time, or add it all",
      )
        .choices(['refuse', 'skip', 'add'])
        .default('refuse'),
    )
    .option('--genres <file.csv>', 'genres of artists, as CSV with the columns artist and genre')
    .option('--json', 'a line of JSON per file, then one of the whole')
    .addHelpText(
      'after',
      `
Examples:
  $ wrapped import my_spotify_data.zip --user me --timezone Europe/Berlin
  $ wrapped import lastfm.csv more-exports/ --user me --overlap skip
  $ wrapped import --genres artist-genres.csv`,
    )
    .action(async (paths: string[], options: Options) => {
      if (options.user === undefined && (paths.length > 0 || options.timezone !== undefined)) {
        throw new WrappedError('whose listening it is was not said: found no --user', {
          hint: 'Add --user ID, such as --user me.',
        });
      }
      const place = await places(options);
      const { lake } = place;
      if (options.user !== undefined) await refuseForgotten(place, options.user, 'is not imported');
      const { importExports } = await import('../lake/import.ts');
      const started = performance.now();
      const report = await interruptible(
        (signal) =>
          withDatabase((session) =>
            importExports({
              paths,
              user: options.user ?? '',
              lake,
              session,
              timezone: options.timezone,
              format: options.format,
              overlap: options.overlap,
              genres: options.genres,
              signal,
              onFile: (file) => (options.json ? printJson(file) : printFile(file)),
            }),
          ),
        'interrupted; nothing was imported',
      );
      if (options.json) printJson(report);
      else printReport(report, (performance.now() - started) / 1000, options.lake);
    });

function printFile({
  file,
  format,
  read,
  kept,
  dropped,
}: FileReport | (GenresReport & { format: 'genres' })): void {
  print(`${file}  ${format}: ${plural(read, 'row')} read, ${count(kept)} kept${reasons(dropped)}`);
}

const reasons = (dropped: Readonly<Record<string, number | undefined>>): string => {
  const parts = Object.entries(dropped).map(([reason, rows]) => `${count(rows ?? 0)} ${reason}`);
  return parts.length === 0 ? '' : `; left out: ${parts.join(', ')}`;
};

function printReport(report: ImportReport, seconds: number, lake: string | undefined): void {
  const { dim } = talkColors();
  for (const { file, why } of report.ignored) say(dim(`ignored ${file}: ${why}`));
  if (report.genres !== undefined) printFile({ ...report.genres, format: 'genres' });
  if (report.timezone !== undefined) printTimezone(report, report.timezone);
  const rows = Object.values(report.years).reduce((sum, added) => sum + added, 0);
  if (report.files.length > 0) {
    const span =
      report.first === null || report.last === null
        ? ''
        : `, ${report.first.toISOString().slice(0, 10)} to ${report.last.toISOString().slice(0, 10)}`;
    print(
      `${plural(rows, 'listen row')} of '${report.user}' added to ${report.lake}${span} (${duration(seconds)})`,
    );
  }
  if (rows === 0 && report.genres === undefined && report.timezone?.hasPlays !== true) return;
  const computing = `wrapped run-all${lake === undefined ? '' : ` --lake ${quoted(lake)}`}`;
  const showing = rows === 0 ? '' : `, then wrapped show ${quoted(report.user)}`;
  say(dim(`next: ${computing}${showing}`));
}

function printTimezone(
  { user, lake }: ImportReport,
  { name, hasPlays }: { name: string; hasPlays: boolean },
) {
  print(`time zone of '${user}' is now ${name}`);
  if (!hasPlays) say(`warning: ${lake} has no plays of '${user}'`);
}

/** A word as a shell takes it whole. */
const quoted = (word: string): string =>
  /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
