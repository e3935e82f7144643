import { type DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';

/** What readers of a table and its ledger find: every item without generations and empty rows, and the ledger without turns and times. */
export async function contentsOf(client: DynamoDBClient, table: string) {
  const all = async (name: string) => {
    const items = [];
    for (let from: ScanCommand['input']['ExclusiveStartKey']; ; ) {
      const page = await client.send(new ScanCommand({ TableName: name, ExclusiveStartKey: from }));
      items.push(...(page.Items ?? []));
      from = page.LastEvaluatedKey;
      if (from === undefined) return items;
    }
  };
  const rows = (await all(table)).map(({ user_id, ...columns }) => [
    user_id?.S,
    Object.fromEntries(
      Object.entries(columns)
        .map(([name, { M: { '#': _, ...value } = {} }]) => [name, value] as const)
        .sort(([a], [b]) => (a < b ? -1 : 1)),
    ),
  ]);
  const ledger = (await all(`${table}-ledger`)).map(({ column: name, entry, written }) => [
    name?.S,
    JSON.parse(entry?.S ?? 'null'),
    written === undefined ? undefined : { ...JSON.parse(written.S ?? ''), when: '' },
  ]);
  const byName = ([a]: unknown[], [b]: unknown[]) => (String(a) < String(b) ? -1 : 1);
  return {
    rows: rows.filter(([, columns]) => Object.keys(columns as object).length > 0).sort(byName),
    ledger: ledger.sort(byName),
  };
}
