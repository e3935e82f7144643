// A DynamoDB that only acknowledges: it reads each request, keeps nothing, and answers as if it had been done. Prints its port.
import { createServer } from 'node:http';

const TABLE = JSON.stringify({
  Table: {
    TableStatus: 'ACTIVE',
    KeySchema: [{ AttributeName: 'user_id', KeyType: 'HASH' }],
    AttributeDefinitions: [{ AttributeName: 'user_id', AttributeType: 'S' }],
  },
});
const LEDGER = TABLE.replaceAll('user_id', 'column');
const ANSWERS = {
  BatchWriteItem: JSON.stringify({
    UnprocessedItems: {},
    ConsumedCapacity: [{ TableName: 'bench', CapacityUnits: 75 }],
  }),
  UpdateItem: JSON.stringify({ ConsumedCapacity: { TableName: 'bench', CapacityUnits: 3 } }),
  Scan: JSON.stringify({ Items: [], Count: 0, ScannedCount: 0 }),
  GetItem: '{}',
};
/** What the ledger's updates return is small, so that only these are looked into. */
const SMALL = 2000;

const server = createServer((request, response) => {
  const operation = String(request.headers['x-amz-target']).replace(/^.*\./, '');
  const isSmall = Number(request.headers['content-length']) < SMALL;
  let body = '';
  request.on('data', (chunk) => {
    if (isSmall) body += chunk;
  });
  request.on('end', () => {
    response.writeHead(200, { 'content-type': 'application/x-amz-json-1.0' });
    const isLedger = body.includes('bench-ledger');
    if (operation === 'DescribeTable') response.end(isLedger ? LEDGER : TABLE);
    else if (operation === 'UpdateItem' && isLedger) {
      const asksForNew = body.includes('UPDATED_NEW');
      response.end(asksForNew ? '{"Attributes":{"generation":{"N":"1795567801"}}}' : '{}');
    } else response.end(ANSWERS[operation] ?? '{}');
  });
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => console.log(server.address().port));
