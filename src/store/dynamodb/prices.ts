/**
 * What DynamoDB costs, in US dollars: the list prices of us-east-1 for a standard table that is billed on demand, as of `date`. The one
 * place that has them. Other regions cost up to twice as much; see https://aws.amazon.com/dynamodb/pricing/on-demand.
 */
export const PRICES = {
  date: '2024-11-01',
  region: 'us-east-1',
  /** A million write request units. */
  writeUnits: 0.625,
  /** A million read request units. */
  readUnits: 0.125,
  /** A gigabyte imported from S3, before compression. */
  importedGigabyte: 0.15,
} as const;

/** What a region's table takes a second unless AWS was asked for more: the quota of one table that is billed on demand. */
export const USUAL_UNITS_PER_SECOND = 40_000;
