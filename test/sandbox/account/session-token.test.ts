/** sts:GetSessionToken: for users alone, with the key that then has to be quiet for longer. */
import { GetSessionTokenCommand, STSClient } from '@aws-sdk/client-sts';
import { expect, test } from 'vitest';
import { type AwsConnection, connect } from '../../../adapters/aws-connection.ts';
import { given, refusal } from './given.ts';

const ask = (connection: AwsConnection, DurationSeconds?: number) =>
  connect(STSClient, connection).send(new GetSessionTokenCommand({ DurationSeconds }));

test('a user gets credentials for twelve hours', async () => {
  const world = given();
  const { Credentials } = await ask(world.as(world.keyId, world.secret));
  const hours = ((Credentials?.Expiration?.getTime() ?? 0) - Date.parse(world.clock.now())) / 3.6e6;
  expect(hours).toBe(12);
  expect(Credentials?.AccessKeyId).toMatch(/^ASIA/);
});

test('a session does not, and nobody for more than 36 hours', async () => {
  const world = given();
  expect(await refusal(ask(world.operator))).toBe('AccessDenied 403');
  expect(await refusal(ask(world.as(world.keyId, world.secret), 37 * 3600))).toBe(
    'ValidationError 400',
  );
});
