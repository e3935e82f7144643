import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Command, Option } from 'commander';
import { messageOf, WrappedError } from '../error.ts';
import { EXPORT_FORMATS, type ExportFormat, exportColumn } from '../store/export.ts';
import { openStore } from '../store/open.ts';
import { type PlaceOptions, places, withStore } from './options.ts';

interface Options extends PlaceOptions {
  readonly format?: ExportFormat;
  readonly output?: string;
}

/** Formats that a terminal can't show. */
const BINARY: readonly ExportFormat[] = ['parquet', 'arrow'];

export const exportCommand = (): Command =>
  withStore(
    new Command('export')
      .description('write one column: user_id and value, sorted by user')
      .argument('<story>', 'such as top-artist')
      .argument('<period>', 'such as 2019')
      .addOption(
        new Option(
          '--format <format>',
          "parquet, arrow (IPC stream), csv, or json, a line per user (default: by the file's name, else json)",
        ).choices(EXPORT_FORMATS),
      )
      .option('-o, --output <file>', 'the file to write (default: standard output)'),
  )
    .addHelpText(
      'after',
      `
Examples:
  $ wrapped export top-artist 2019 -o top-artist-2019.parquet
  $ wrapped export minutes 2019 --format csv | head
  $ wrapped export minutes 2019 --format json | jq .value.minutes`,
    )
    .action(async (story: string, period: string, options: Options) => {
      const format = options.format ?? formatOf(options.output) ?? 'json';
      if (options.output === undefined && process.stdout.isTTY && BINARY.includes(format)) {
        throw new WrappedError(`${format} is binary, and standard output is a terminal`, {
          hint: `Name a file: -o ${story}-${period}.${format}`,
        });
      }
      const store = await openStore((await places(options)).store);
      try {
        const bytes = Readable.from(await exportColumn(store, { story, period }, format), {
          objectMode: false,
        });
        if (options.output === undefined) await toStdout(bytes);
        else await toFile(bytes, options.output);
      } finally {
        await store.close();
      }
    });

/** The format that a file's name tells. */
const formatOf = (file = ''): ExportFormat | undefined =>
  EXPORT_FORMATS.find((format) => file.toLowerCase().endsWith(`.${format}`));

async function toStdout(bytes: Readable): Promise<void> {
  try {
    await pipeline(bytes, process.stdout, { end: false });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPIPE') throw error;
  }
}

async function toFile(bytes: Readable, file: string): Promise<void> {
  const temp = `${file}.${process.pid}.tmp`;
  try {
    await pipeline(bytes, createWriteStream(temp));
    await rename(temp, file);
  } catch (cause) {
    await rm(temp, { force: true });
    if (cause instanceof WrappedError) throw cause;
    throw new WrappedError(`${file} can't be written: ${messageOf(cause)}`, { cause });
  }
}
