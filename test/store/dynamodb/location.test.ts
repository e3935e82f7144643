import { describe, expect, test } from 'vitest';
import { isLoopback, parseLocation } from '../../../src/store/dynamodb/location.ts';

describe('parseLocation', () => {
  test.each([
    ['dynamodb://wrapped', { table: 'wrapped', region: undefined, endpoint: undefined }],
    ['dynamodb://My_Table.v-2?region=eu-west-1', { table: 'My_Table.v-2', region: 'eu-west-1' }],
    [
      'dynamodb://wrapped?endpoint=http://localhost:8000',
      { table: 'wrapped', endpoint: 'http://localhost:8000' },
    ],
    [
      'dynamodb://wrapped?region=local&endpoint=https%3A%2F%2F[::1]:1',
      { region: 'local', endpoint: 'https://[::1]:1' },
    ],
  ])('reads %s', (url, expected) => {
    expect(parseLocation(url)).toMatchObject({ url, ...expected });
  });

  test.each([
    ['dynamodb://', "its table is ''"],
    ['dynamodb://ab', "its table is 'ab'"],
    [`dynamodb://${'x'.repeat(249)}`, '3 to 248 letters'],
    ['dynamodb://wrapped/2019', "its table is 'wrapped/2019'"],
    ['dynamodb://wrapped#2019', "its table is 'wrapped#2019'"],
    ['dynamo://wrapped', "its table is ''"],
    ['dynamodb://wrapped?zone=a', "it has 'zone'"],
    ['dynamodb://wrapped?region=', 'its region is empty'],
    ['dynamodb://wrapped?region=EU West', "its region is 'EU West'"],
    ['dynamodb://wrapped?endpoint=localhost:8000', "its endpoint is 'localhost:8000'"],
    ['dynamodb://wrapped?endpoint=8000', "its endpoint is '8000'"],
  ])('refuses %s', (url, message) => {
    expect(() => parseLocation(url)).toThrow(`${url} names no DynamoDB table: `);
    expect(() => parseLocation(url)).toThrow(message);
  });
});

describe('isLoopback', () => {
  test.each([
    ['http://localhost:8000', true],
    ['http://127.0.0.1:8000', true],
    ['http://127.8.0.1', true],
    ['http://[::1]:8000', true],
    ['http://dynamo.localhost', true],
    ['https://dynamodb.eu-west-1.amazonaws.com', false],
    ['http://localhost.example.com', false],
    ['http://10.0.0.1:8000', false],
  ])('%s: %s', (endpoint, expected) => {
    expect(isLoopback(parseLocation(`dynamodb://wrapped?endpoint=${endpoint}`))).toBe(expected);
  });

  test('is false without an endpoint', () => {
    expect(isLoopback(parseLocation('dynamodb://wrapped'))).toBe(false);
  });
});
