import { expect, test, vi } from 'vitest';
import type { Database } from '../../../src/sql/database.ts';

vi.mock('@aws-sdk/client-dynamodb', () => {
  throw new Error('the SDK is loaded');
});

test('the AWS SDK is loaded by open, not by the import', async () => {
  const { DynamoStore } = await import('../../../src/store/dynamodb/dynamo-store.ts');
  await expect(DynamoStore.open('dynamodb://wrapped?region=eu-west-1', {} as Database)).rejects.toMatchObject(
    {
      cause: { message: 'the SDK is loaded' },
    },
  );
});
