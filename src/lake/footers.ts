import type { Lake, LakeFile } from './lake.ts';
import { ManyFiles } from './many-files.ts';
import { ThriftReader } from './thrift.ts';

/** The span of a file's instants, in milliseconds since 1970; null where no row has a time. */
export interface Span {
  readonly first: number | null;
  readonly last: number | null;
  /** Rows without a time; null where the file's metadata don't tell. */
  readonly timeless: number | null;
}

/** What a file says of itself at its end. */
interface Footer {
  /** Its columns and their types as they stand there: files in which these are the same have the same columns. */
  readonly schema: string;
  /** Undefined where it does not tell, or in a way that DuckDB should be asked about. */
  readonly span: Span | undefined;
}

/** The footers of a lake's plays, as far as they are plain: what is broken, encrypted or unusual is left for DuckDB to judge. */
export class Footers {
  /** The column of the instants, by its name in the files. */
  readonly time: string;
  readonly #known: ReadonlyMap<string, Footer>;

  private constructor(time: string, known: ReadonlyMap<string, Footer>) {
    this.time = time;
    this.#known = known;
  }

  /**
   * Reads the end of each file. A hundred thousand take some seconds; DuckDB's `parquet_metadata`, which tells all of every column, takes
   * several times as long.
   */
  static async read({ plays, layout }: Lake): Promise<Footers> {
    const time = layout.plays?.columns?.played_at ?? 'played_at';
    const parse = footerParser(time);
    const known = new Map<string, Footer>();
    const files = new ManyFiles();
    await files.map(plays, async (file) => {
      const bytes = await readFooter(files, file);
      const footer = bytes && parse(bytes);
      if (footer !== undefined) known.set(file.path, footer);
    });
    return new Footers(time, known);
  }

  /** The first file of each set of columns that there is, and every file of which that is not known. */
  examples<File extends LakeFile>(files: readonly File[]): File[] {
    const seen = new Set<string>();
    return files.filter(({ path }) => {
      const schema = this.#known.get(path)?.schema;
      if (schema === undefined) return true;
      if (seen.has(schema)) return false;
      seen.add(schema);
      return true;
    });
  }

  /** When the plays of a file are. */
  span({ path }: LakeFile): Span | undefined {
    return this.#known.get(path)?.span;
  }
}

/** Bytes at a file's end that are read first: nearly always the whole of its footer. */
const END = 16 * 1024;

/** After a footer: its length, and who wrote it. */
const TAIL = 8;
const MAGIC = 'PAR1';

/** A file's footer; undefined where it ends otherwise than a Parquet file does, or can't be read. */
async function readFooter(files: ManyFiles, { path, bytes }: LakeFile): Promise<Uint8Array | undefined> {
  const readLast = (length: number) => files.read(path, bytes - length, length).catch(() => undefined);
  const last = await readLast(Math.min(bytes, END));
  if (last === undefined || last.length < TAIL) return undefined;
  if (last.toString('latin1', last.length - 4) !== MAGIC) return undefined;
  const length = last.readUInt32LE(last.length - TAIL) + TAIL;
  if (length > bytes) return undefined;
  const whole = length <= last.length ? last : await readLast(length);
  return whole && footerOf(whole, length);
}

const footerOf = (last: Buffer, length: number): Uint8Array => last.subarray(last.length - length, -TAIL);

/** The fields that are read of Parquet's Thrift. https://github.com/apache/parquet-format/blob/master/src/main/thrift/parquet.thrift */
const FILE = { schema: 2, rowGroups: 4 } as const;
const ELEMENT = { type: 1, name: 4, converted: 6, logical: 10 } as const;
const LOGICAL = { timestamp: 8 } as const;
const TIMESTAMP = { unit: 2 } as const;
const ROW_GROUP = { columns: 1 } as const;
const CHUNK = { metadata: 3 } as const;
const METADATA = { path: 3, values: 5, statistics: 12 } as const;
const STATISTICS = { nulls: 3, max: 5, min: 6 } as const;

/** `Type` */
const INT64 = 2;

/** What a millisecond has of the units of `TimeUnit`, and of those in which `ConvertedType` has timestamps. */
const UNITS: Readonly<Record<number, bigint>> = { 1: 1n, 2: 1000n, 3: 1_000_000n };
const CONVERTED: Readonly<Record<number, bigint>> = { 9: 1n, 10: 1000n };

/** One column of a row group. */
interface Chunk {
  readonly values: number;
  readonly nulls: number | undefined;
  readonly min: bigint | undefined;
  readonly max: bigint | undefined;
}

/** Reads footers in which the same few schemas come again and again. */
function footerParser(time: string): (footer: Uint8Array) => Footer | undefined {
  const schemas = new Map<string, { readonly schema: string; readonly unit: bigint | undefined }>();
  return (footer) => {
    try {
      const { schema, chunks } = fileOf(new ThriftReader(footer), footer, time);
      const known = schemas.get(schema) ?? { schema, unit: unitOf(schema, time) };
      schemas.set(schema, known);
      return {
        schema: known.schema,
        span: known.unit === undefined ? undefined : spanOf(chunks, known.unit),
      };
    } catch (error) {
      if (error instanceof RangeError) return undefined;
      throw error;
    }
  };
}

/** `FileMetaData`: its schema as it stands there, and the chunks of a column. */
function fileOf(
  thrift: ThriftReader,
  bytes: Uint8Array,
  column: string,
): { schema: string; chunks: Chunk[] } {
  const chunks: Chunk[] = [];
  let schema = '';
  thrift.struct((id) => {
    if (id === FILE.schema) {
      const start = thrift.at;
      thrift.list(() => thrift.struct(() => false));
      schema = Buffer.from(bytes.subarray(start, thrift.at)).toString('latin1');
      return true;
    }
    if (id !== FILE.rowGroups) return false;
    thrift.list(() => rowGroup(thrift, column, chunks));
    return true;
  });
  return { schema, chunks };
}

function rowGroup(thrift: ThriftReader, column: string, chunks: Chunk[]): void {
  const metadata = (id: number) => {
    if (id !== CHUNK.metadata) return false;
    const chunk = chunkOf(thrift, column);
    if (chunk !== undefined) chunks.push(chunk);
    return true;
  };
  thrift.struct((id) => {
    if (id !== ROW_GROUP.columns) return false;
    thrift.list(() => thrift.struct(metadata));
    return true;
  });
}

/** `ColumnMetaData`, if it is of that column. */
function chunkOf(thrift: ThriftReader, column: string): Chunk | undefined {
  const path: string[] = [];
  let [values, nulls, min, max]: [number, number?, bigint?, bigint?] = [0];
  const isIt = () => path.length === 1 && path[0] === column;
  const statistics = (id: number) => {
    if (id === STATISTICS.nulls) nulls = thrift.int();
    else if (id === STATISTICS.min) min = instantOf(thrift.binary());
    else if (id === STATISTICS.max) max = instantOf(thrift.binary());
    else return false;
    return true;
  };
  thrift.struct((id) => {
    if (id === METADATA.path) thrift.list(() => path.push(textOf(thrift.binary())));
    else if (id === METADATA.values) values = thrift.int();
    else if (id === METADATA.statistics && isIt()) thrift.struct(statistics);
    else return false;
    return true;
  });
  return isIt() ? { values, nulls, min, max } : undefined;
}

/** What a millisecond has of the unit of a column of instants; undefined for one of another type, or several of that name. */
function unitOf(schema: string, column: string): bigint | undefined {
  const thrift = new ThriftReader(Buffer.from(schema, 'latin1'));
  const units: (bigint | undefined)[] = [];
  thrift.list(() => {
    let [name, type, unit]: [string?, number?, bigint?] = [];
    const timestamp = (id: number) => {
      if (id !== TIMESTAMP.unit) return false;
      thrift.struct((which) => {
        unit = UNITS[which];
        return false;
      });
      return true;
    };
    thrift.struct((id) => {
      if (id === ELEMENT.type) type = thrift.int();
      else if (id === ELEMENT.name) name = textOf(thrift.binary());
      else if (id === ELEMENT.converted) unit ??= CONVERTED[thrift.int()];
      else if (id === ELEMENT.logical)
        thrift.struct((which) => {
          if (which !== LOGICAL.timestamp) return false;
          thrift.struct(timestamp);
          return true;
        });
      else return false;
      return true;
    });
    if (name === column) units.push(type === INT64 ? unit : undefined);
  });
  return units.length === 1 ? units[0] : undefined;
}

function spanOf(chunks: readonly Chunk[], unit: bigint): Span | undefined {
  let [first, last, timeless]: [number | null, number | null, number | null] = [null, null, 0];
  for (const { values, nulls, min, max } of chunks) {
    timeless = timeless === null || nulls === undefined ? null : timeless + nulls;
    if (values === 0) continue;
    if (min === undefined || max === undefined) return undefined;
    const [from, to] = [milliseconds(min, unit), milliseconds(max, unit)];
    first = first === null ? from : Math.min(first, from);
    last = last === null ? to : Math.max(last, to);
  }
  return chunks.length === 0 ? undefined : { first, last, timeless };
}

/** Rounded down. */
const milliseconds = (instant: bigint, unit: bigint): number =>
  Number((instant - (((instant % unit) + unit) % unit)) / unit);

const instantOf = (bytes: Uint8Array): bigint | undefined =>
  bytes.length === 8 ? new DataView(bytes.buffer, bytes.byteOffset, 8).getBigInt64(0, true) : undefined;

const textOf = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString();
