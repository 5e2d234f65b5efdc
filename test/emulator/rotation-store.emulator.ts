/** The durable store keeps every store's promises over HTTP, with a DynamoDB not written here. */
import { CreateTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll } from 'vitest';
import { dynamoDbStore } from '../../adapters/dynamodb-store.ts';
import { tableDefinition } from '../../adapters/dynamodb-table.ts';
import { memoryLog } from '../../sandbox/memory-log.ts';
import { describeRotationStore } from '../contracts/rotation-store.ts';
import { type Moto, startMoto } from './moto/start.ts';
import { region } from './stage.ts';
import { start } from './world.ts';

let moto: Moto;
let tables = 0;

beforeAll(async () => {
  moto = await startMoto(start);
  // Adapters take no endpoint: like the functions', theirs stands in the environment.
  process.env.AWS_ENDPOINT_URL = `http://127.0.0.1:${moto.port}`;
});
afterAll(async () => {
  delete process.env.AWS_ENDPOINT_URL;
  await moto.stop();
});

const credentials = async () => ({
  accessKeyId: 'AKIAIOSFODNN7EXAMPLE',
  secretAccessKey: 'of nobody',
});

describeRotationStore('DynamoDB at moto', async () => {
  tables += 1;
  const TableName = `keyturn-${tables}`;
  const client = new DynamoDBClient({ region, credentials });
  await client.send(new CreateTableCommand({ ...tableDefinition, TableName } as never));
  return dynamoDbStore({ region, credentials }, TableName, memoryLog(() => start).log);
});
