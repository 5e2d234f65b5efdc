/** No AWS client had a limit: a call to an endpoint that said nothing took longer than a tick. */
import { createServer, type Server } from 'node:http';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type AwsConnection, connect } from '../../adapters/aws-connection.ts';
import { lambdaWitness } from '../../adapters/lambda-witness.ts';
import { Transient } from '../../domain/errors.ts';
import { examination, user } from '../app/witnessed.ts';

const connection: AwsConnection = {
  region: 'eu-west-1',
  credentials: async () => ({ accessKeyId: 'AKIAIOSFODNN7EXAMPLE', secretAccessKey: 'none' }),
};

/** What the SDK's handler of requests was told. */
const limitsOf = (client: LambdaClient): Promise<unknown> =>
  Reflect.get(client.config.requestHandler, 'configProvider');

test('connecting may take 3 s, a request 30 s, and more is an error', async () => {
  expect(await limitsOf(connect(LambdaClient, connection))).toMatchObject({
    connectionTimeout: 3000,
    requestTimeout: 30_000,
    throwOnRequestTimeout: true,
  });
});

test('whoever needs longer has a client of its own', async () => {
  const patient = connect(LambdaClient, connection, { requestTimeout: 120_000 });
  expect(patient).not.toBe(connect(LambdaClient, connection));
  expect(await limitsOf(patient)).toMatchObject({ requestTimeout: 120_000 });
});

describe('an endpoint that takes a request and says nothing', () => {
  let silent: Server;
  let asked = 0;

  beforeEach(async () => {
    asked = 0;
    silent = createServer(() => {
      asked += 1;
    });
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const address = silent.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    vi.stubEnv('AWS_ENDPOINT_URL', `http://127.0.0.1:${port}`);
  });
  afterEach(() => {
    vi.unstubAllEnvs();
    silent.closeAllConnections();
    silent.close();
  });

  test('is given up once its time is up', async () => {
    const lambda = connect(LambdaClient, connection, { maxAttempts: 1, requestTimeout: 30 });
    const command = new InvokeCommand({ FunctionName: 'keyturn-witness' });
    await expect(lambda.send(command)).rejects.toMatchObject({ name: 'TimeoutError' });
  });

  test('is no witness: one time for all attempts, and then there is no answer', async () => {
    const { partition, account } = user;
    const witness = lambdaWitness(() => connection, 'keyturn-witness', 100);
    const look = witness.examine({ partition, account, region: 'eu-west-1' }, examination);
    await expect(look).rejects.toThrow(Transient);
    await expect(look).rejects.toThrow('no answer within 0.1 s');
    expect(asked).toBe(1);
  });
});
