/** Whose keys are in an account, asked of the sandbox's IAM and Secrets Manager. */
import { describe, expect, it } from 'vitest';
import { keysInAccount } from '../../adapters/account-keys.ts';
import { cryptoIds } from '../../adapters/crypto-ids.ts';
import { instant } from '../../domain/instant.ts';
import { placeholderName } from '../../domain/secret-name.ts';
import { awsError } from '../../sandbox/account/service.ts';
import { fleetBook, fleetStart, fleetWorld } from '../../sandbox/fleet.ts';
import { people } from '../../sandbox/settings.ts';
import { plantedKey } from '../planted.ts';
import { cannedAws } from './canned-aws.ts';

const account = '111122223333';
const region = 'us-east-1';
const now = instant('2026-11-02T08:00:00Z');

const { cloud } = await fleetWorld(fleetBook('approve', fleetStart));
const credentials = cloud.roleCredentials(account, 'operator', 'somebody');
const connection = cloud.connection({ region, credentials });

async function call(service: string, operation: string, input: object) {
  const answer = await cloud.call({ service, operation, input, region, credentials });
  return answer as { readonly [field: string]: unknown };
}

async function keyOf(UserName: string): Promise<string> {
  const { AccessKeyMetadata } = await call('iam', 'ListAccessKeys', { UserName });
  return (AccessKeyMetadata as readonly { readonly AccessKeyId: string }[])[0]?.AccessKeyId ?? '';
}

describe('keys of an account', () => {
  it('have user, state, age and owner, and no secret before the first issue', async () => {
    const [used, off] = [await keyOf('one-used'), await keyOf('inactive-only')];
    const strange = plantedKey('nobody').keyId;
    const wanted = new Set([used, off, strange]);
    const { known, problems } = await keysInAccount(connection, account, wanted, now);
    expect(problems).toEqual([]);
    const common = { account, asOf: now, plan: null, secretArn: null };
    expect(known.toSorted((a, b) => b.userName.localeCompare(a.userName))).toEqual([
      {
        ...common,
        ...{ keyId: used, userName: 'one-used', status: 'Active' },
        createdAt: '2026-04-16T08:00:00.000Z',
        owner: people.olivia.slackUserId,
      },
      {
        ...common,
        ...{ keyId: off, userName: 'inactive-only', status: 'Inactive', owner: null },
        createdAt: '2025-09-28T08:00:00.000Z',
      },
    ]);
  });

  it('have the secret that holds a key of their user', async () => {
    const { ARN } = await call('secretsmanager', 'CreateSecret', {
      Name: 'keyturn/young',
      SecretString: '{}',
    });
    const wanted = new Set([await keyOf('young')]);
    const { known } = await keysInAccount(connection, account, wanted, now);
    expect(known).toMatchObject([{ userName: 'young', secretArn: ARN }]);
  });

  it('have none where only a placeholder is kept', async () => {
    const { User } = await call('iam', 'GetUser', { UserName: 'both-unused' });
    const { UserId: userId } = User as { readonly UserId: string };
    await call('secretsmanager', 'CreateSecret', {
      Name: 'keyturn/both-unused',
      SecretString: '{}',
      ClientRequestToken: cryptoIds.uuid(placeholderName({ account, userId })),
    });
    const wanted = new Set([await keyOf('both-unused')]);
    const { known } = await keysInAccount(connection, account, wanted, now);
    expect(known).toMatchObject([{ userName: 'both-unused', secretArn: null }]);
  });
});

describe('what is denied', () => {
  const user = {
    UserName: 'ci',
    UserId: 'AIDACKCEVSQ6C2EXAMPLE',
    Path: '/',
    Arn: `arn:aws:iam::${account}:user/ci`,
  };
  const { keyId } = plantedKey('denied');
  const keys = [{ AccessKeyId: keyId, Status: 'Active', CreateDate: new Date(now) }];
  const iam = {
    ListUsers: () => ({ Users: [user] }),
    ListAccessKeys: () => ({ AccessKeyMetadata: keys }),
    GetUser: () => ({ User: user }),
  };
  const denied = () => {
    throw awsError('AccessDenied', 'not authorized', 403);
  };
  const asking = (answers: object) =>
    keysInAccount(cannedAws({ ...iam, ...answers }).connection, account, new Set([keyId]), now);

  it('of the vault leaves the user known', async () => {
    const { known, problems } = await asking({ DescribeSecret: denied });
    expect(known).toMatchObject([{ keyId, userName: 'ci', secretArn: null }]);
    expect(problems).toEqual([expect.stringContaining('keyturn/ci')]);
  });

  it.each(['ListUsers', 'ListAccessKeys', 'GetUser'])('of IAM is a problem: %s', async (what) => {
    const { known, problems } = await asking({ [what]: denied });
    expect(known).toEqual([]);
    expect(problems).toHaveLength(1);
  });

  it('by asking another account is said', async () => {
    const other = { ...user, Arn: 'arn:aws:iam::444455556666:user/ci' };
    const { known, problems } = await asking({ ListUsers: () => ({ Users: [other] }) });
    expect(known).toEqual([]);
    expect(problems).toEqual([expect.stringContaining('use its credentials')]);
  });

  it('is not asked for once every key has its user', async () => {
    const { connection: canned, calls } = cannedAws({
      ...iam,
      ListUsers: () => ({ Users: [user, { ...user, UserName: 'b' }, { ...user, UserName: 'c' }] }),
      DescribeSecret: denied,
    });
    await keysInAccount(canned, account, new Set([keyId]), now);
    const listed = calls.filter(({ operation }) => operation === 'ListAccessKeys');
    expect(listed.length).toBeLessThan(3);
  });
});
