/**
 * Readers of a secret under the old name of a renamed user got a key of which the hub had never
 * heard. Only the secret of the present name was looked at, and the key was retired.
 */
import { expect, test } from 'vitest';
import type { VaultKind } from '../../domain/custody.ts';
import { reportStaleUser } from '../../sandbox/reports.ts';
import { account, givenWorld } from '../sandbox/given-world.ts';
import { issuedUnheard } from './issued-unheard.ts';

const newName = 'svc-invoicing';

test('the key that they get is not retired as unused', async () => {
  const { given, newKey } = await issuedUnheard();
  given.world.cloud.renameUser(account, given.user.userName, newName);
  await given.pass({ days: 100 });
  reportStaleUser(given.world, { ...given.user, userName: newName }, ['config']);
  await given.pass({ days: 8 });
  expect(given.statusOf(newKey)).toBe('Active');
});

const places = {
  'secrets-manager': 'secret:keyturn',
  'parameter-store': 'parameter/keyturn/users',
};

test.each([
  ['secrets-manager', 'ListSecrets'],
  ['parameter-store', 'DescribeParameters'],
] as const)('with %s each place is found, and without a list none', async (kind, operation) => {
  const given = await givenWorld({ apps: [], policy: { vault: kind satisfies VaultKind } });
  await given.until('overlapping');
  const [newKey] = given.newKeys();
  given.world.cloud.renameUser(account, given.user.userName, newName);
  const { issued } = given.world.hub.tick;
  const user = { ...given.user, userName: newName };
  expect(await issued.issuedTo(user)).toEqual([
    {
      arn: expect.stringContaining(`${places[kind]}/${given.user.userName}`),
      keyIds: expect.arrayContaining([newKey?.keyId]),
    },
  ]);
  const service = kind === 'secrets-manager' ? 'secretsmanager' : 'ssm';
  given.faults.fail({ service, operation }, 'denied');
  await expect(issued.issuedTo(user)).rejects.toThrow('listing the');
});
