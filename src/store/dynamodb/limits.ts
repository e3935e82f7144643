/** What DynamoDB allows; see "Quotas in Amazon DynamoDB" in the developer guide. */

/** The bytes that a partition key may have. */
export const MAX_KEY_BYTES = 2048;

/** The bytes that a row may have. */
export const MAX_ROW_BYTES = 400 * 1024;

/** More columns than one expression can name: it has at most 4 KB and 300 operators, and a condition takes two for a column. */
export const COLUMNS_PER_EXPRESSION = 100;

/** Rows in a batch. */
export const ROWS_PER_BATCH = 25;

/** Bytes of a batch: 16 MB, and some room. */
export const BYTES_PER_BATCH = 15 * 2 ** 20;
