declare module 'parquetjs-lite' {
  export type ParquetSchemaDefinition = Record<
    string,
    { type: string; optional?: boolean; compression?: string }
  >;
  export class ParquetSchema {
    constructor(schema: ParquetSchemaDefinition);
  }
  export class ParquetWriter {
    static openFile(schema: ParquetSchema, path: string): Promise<ParquetWriter>;
    appendRow(row: Record<string, unknown>): Promise<void>;
    close(): Promise<void>;
  }
}
