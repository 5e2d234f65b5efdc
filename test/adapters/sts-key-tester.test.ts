/** One try is one signed request, marked as the custodian's. */
import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import type { AwsConnection } from '../../adapters/aws-connection.ts';
import { stsKeyTester } from '../../adapters/sts-key-tester.ts';
import { instant } from '../../domain/instant.ts';
import { Sealed } from '../../domain/sealed.ts';
import { awsError } from '../../sandbox/account/service.ts';

const token = '22222222-2222-5222-8222-222222222222';
const secretText = `SENTINEL${'a'.repeat(32)}`;
const key = {
  keyId: 'AKIAIOSFODNN7EXAMPLE',
  secret: new Sealed(secretText),
  createdAt: instant('2026-11-02T03:14:07Z'),
};

/** A connection that takes the signed request just before it would be sent. */
function lastStop(answer: () => unknown) {
  const sent: { readonly headers: Record<string, string> }[] = [];
  const connection: AwsConnection = {
    region: 'eu-west-1',
    credentials: async () => {
      throw new Error("the custodian's own credentials must not be used");
    },
    plugin: {
      applyToStack: (stack) => {
        stack.add(
          // biome-ignore lint/suspicious/noExplicitAny: middleware of any client
          () => async (args: any) => {
            sent.push(args.request);
            return { output: await answer(), response: { statusCode: 200, headers: {} } };
          },
          { step: 'deserialize', name: 'last stop', priority: 'high' },
        );
      },
    },
  };
  return { connection, sent };
}

const arn = 'arn:aws:iam::111122223333:user/svc-billing';

test('a try is signed with the key, and says in its user agent whose it is', async () => {
  const identity = { Arn: arn, UserId: 'AIDACKCEVSQ6C2EXAMPLE', Account: '111122223333' };
  const { connection, sent } = lastStop(() => ({
    ...identity,
    $metadata: { requestId: 'request-1' },
  }));
  const trial = await stsKeyTester(connection).try(key, token);
  expect(trial).toEqual({
    requestId: 'request-1',
    result: { worked: true, arn, userId: 'AIDACKCEVSQ6C2EXAMPLE', account: '111122223333' },
  });
  expect(sent[0]?.headers['user-agent']).toContain(`keyturn-custodian/${token}`);
  expect(sent[0]?.headers.authorization).toContain(`Credential=${key.keyId}/`);
});

test('a refused try keeps its request id, is not repeated, and shows nothing', async () => {
  const refused = Object.assign(awsError('SignatureDoesNotMatch', secretText, 403), {
    $metadata: { httpStatusCode: 403, requestId: 'request-2' },
  });
  const { connection, sent } = lastStop(() => {
    throw refused;
  });
  const trial = await stsKeyTester(connection).try(key, token);
  expect(trial).toEqual({
    requestId: 'request-2',
    result: { worked: false, problem: 'it is refused with SignatureDoesNotMatch' },
  });
  expect(sent).toHaveLength(1);
  expect(inspect(trial, { depth: 9, showHidden: true })).not.toContain('SENTINEL');
});

test('a throttled try is not repeated behind the back of who counts', async () => {
  const { connection, sent } = lastStop(() => {
    throw awsError('ThrottlingException', 'Rate exceeded', 400);
  });
  expect((await stsKeyTester(connection).try(key, token)).result.worked).toBe(false);
  expect(sent).toHaveLength(1);
});
