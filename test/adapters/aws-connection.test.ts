/** Which connection a client belongs to. */

import { IAMClient } from '@aws-sdk/client-iam';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { describe, expect, test } from 'vitest';
import { type AwsConnection, connect } from '../../adapters/aws-connection.ts';
import { type CloudCall, sandboxConnection } from '../../sandbox/account/plugin.ts';

const credentialsOf = (name: string) => ({ accessKeyId: name, secretAccessKey: `secret-${name}` });

function given() {
  const calls: CloudCall[] = [];
  const answer = async (call: CloudCall) => {
    calls.push(call);
    return { Account: call.credentials.accessKeyId };
  };
  const connection = (name = 'a', region = 'us-east-1'): AwsConnection =>
    sandboxConnection(answer, { region, credentials: credentialsOf(name) });
  return { calls, connection };
}

describe('connecting', () => {
  test('twice on one connection gives the same client', () => {
    const connection = given().connection();
    expect(connect(STSClient, connection)).toBe(connect(STSClient, connection));
    const patient = { maxAttempts: 5 };
    const client = connect(STSClient, connection, patient);
    expect(connect(STSClient, connection, { ...patient })).toBe(client);
  });

  test('gives another client for other options, another service, another connection', () => {
    const { connection } = given();
    const one = connection();
    const client = connect(STSClient, one);
    expect(connect(STSClient, one, { maxAttempts: 1 })).not.toBe(client);
    expect(connect(IAMClient, one)).not.toBe(client);
    expect(connect(STSClient, { ...one })).not.toBe(client);
    expect(connect(STSClient, connection())).not.toBe(client);
  });

  test('tries as often as the connection says, unless the adapter says otherwise', async () => {
    const patient = { ...given().connection(), maxAttempts: 10 };
    expect(await connect(STSClient, patient).config.maxAttempts()).toBe(10);
    expect(await connect(STSClient, patient, { maxAttempts: 1 }).config.maxAttempts()).toBe(1);
  });

  test('one call after the other, each says its own credentials, Region and input', async () => {
    const { calls, connection } = given();
    const one = connection('a', 'us-east-1');
    const other = { ...one, region: 'eu-west-1', credentials: async () => credentialsOf('b') };
    const ask = async (where: AwsConnection) =>
      (await connect(STSClient, where).send(new GetCallerIdentityCommand({}))).Account;
    expect([await ask(one), await ask(other), await ask(one), await ask(other)]).toEqual([
      'a',
      'b',
      'a',
      'b',
    ]);
    expect(calls.map(({ region }) => region)).toEqual([
      'us-east-1',
      'eu-west-1',
      'us-east-1',
      'eu-west-1',
    ]);
  });

  test('asks for the credentials at every call', async () => {
    const { calls, connection } = given();
    let name = 'first';
    const changing = { ...connection(), credentials: async () => credentialsOf(name) };
    const client = connect(STSClient, changing);
    await client.send(new GetCallerIdentityCommand({}));
    name = 'second';
    await client.send(new GetCallerIdentityCommand({}));
    expect(calls.map((call) => call.credentials.accessKeyId)).toEqual(['first', 'second']);
  });

  test('whatever a plugin lets through reaches no network', async () => {
    const connection = { ...given().connection(), plugin: { applyToStack: () => undefined } };
    const sent = connect(STSClient, connection, { maxAttempts: 1 }).send(
      new GetCallerIdentityCommand({}),
    );
    await expect(sent).rejects.toThrow('left a request to the network');
  });
});
