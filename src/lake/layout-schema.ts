import { z } from 'zod';
import { TABLE_COLUMNS } from './layout.ts';
import { PLAYS_COLUMNS, type PlaysColumnName } from './listen-row.ts';

const columnsOf = <const Name extends string>(names: readonly Name[]) =>
  z.strictObject(
    Object.fromEntries(names.map((name) => [name, z.string().min(1).optional()])) as Record<
      Name,
      z.ZodOptional<z.ZodString>
    >,
  );

const tableLayout = <const Name extends string>(columns: readonly Name[]) =>
  z.strictObject({
    path: z.string().min(1).optional().describe('a Parquet file or a folder of them, relative to the lake'),
    columns: columnsOf(columns).optional().describe('our name to the name in the files'),
  });

/** How a service's own Parquet is laid out: which folder holds the plays, and which columns are which. */
export const layoutSchema = z.strictObject({
  plays: z
    .strictObject({
      path: z.string().min(1).optional().describe('the folder of the year partitions, relative to the lake'),
      partition: z.strictObject({ year: z.string().optional(), month: z.string().optional() }).optional(),
      identity: z.enum(['track_id', 'title']).optional().describe('what identifies a track'),
      columns: columnsOf(Object.keys(PLAYS_COLUMNS) as PlaysColumnName[]).optional(),
    })
    .optional(),
  tracks: tableLayout(TABLE_COLUMNS.tracks).optional(),
  artist_genres: tableLayout(TABLE_COLUMNS.artist_genres).optional(),
  users: tableLayout(TABLE_COLUMNS.users).optional(),
});

/** See {@link layoutSchema}. Everything left out has its own name, in its own place. */
export type LakeLayout = z.infer<typeof layoutSchema>;
