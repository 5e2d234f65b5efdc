/**
 * Findings about the root user, roles, groups, policies, the account, and users who are gone: each
 * is ignored with a reason and nothing is touched, in every partition. An innocent user with a
 * stale key stands by, who would be touched if anything were mixed up.
 */
import { describe, expect, it } from 'vitest';
import { globalRegionOf } from '../../adapters/global-region.ts';
import { instant, plus } from '../../domain/instant.ts';
import { type Partition, partitions } from '../../domain/key.ts';
import { everyRotation } from '../../sandbox/report.ts';
import { createWorld, type World } from '../../sandbox/world.ts';
import { changed, inPartition } from '../fixtures/events.ts';

const account = '111122223333';
const start = instant('2026-11-16T06:31:00Z');
const resource = 'detail/findings/0/Resources/0';

const hub = (type: string, id: string, details?: object, example = 'hub-fsbp') =>
  changed(example, {
    [`${resource}/Type`]: type,
    [`${resource}/Id`]: id,
    [`${resource}/Details`]: details,
  });

const config = (resourceType: string, resourceId: string) => {
  const qualifier = (result: string) =>
    `detail/${result}/evaluationResultIdentifier/evaluationResultQualifier`;
  return changed('config-non-compliant', {
    'detail/resourceType': resourceType,
    'detail/resourceId': resourceId,
    [`${qualifier('newEvaluationResult')}/resourceType`]: resourceType,
    [`${qualifier('newEvaluationResult')}/resourceId`]: resourceId,
    [`${qualifier('oldEvaluationResult')}/resourceType`]: resourceType,
    [`${qualifier('oldEvaluationResult')}/resourceId`]: resourceId,
  });
};

const iam = (rest: string) => `arn:aws:iam::${account}:${rest}`;
const rootDetails = { AwsIamUser: { Path: '/', UserId: account, UserName: '<root_account>' } };
const leaver = { AwsIamUser: { Path: '/', UserId: 'AIDALEAVER000EXAMPLE', UserName: 'leaver' } };
const madeAgain = { AwsIamUser: { Path: '/', UserId: 'AIDAFORMER000EXAMPLE', UserName: 'again' } };

const root = /^the root user is never touched$/;
const noUser = /no IAM user|, no user$/;
const gone = /deleted since$/;

const events: readonly [what: string, event: unknown, reason: RegExp][] = [
  ['root by ARN', hub('AwsIamUser', iam('root')), root],
  ['root by ARN and details', hub('AwsIamUser', iam('root'), rootDetails), root],
  ['root by name', hub('AwsIamUser', iam('user/<root_account>'), rootDetails), root],
  ['root by name alone', hub('AwsIamUser', iam('user/<root_account>')), root],
  ['root by action', hub('AwsIamUser', iam('root'), undefined, 'hub-custom-action'), root],
  ['the account', hub('AwsAccount', `AWS::::Account:${account}`), noUser],
  ['the account as root', hub('AwsAccount', iam('root')), noUser],
  ['a role', hub('AwsIamRole', iam('role/ci-runner')), noUser],
  ['a group', hub('AwsIamGroup', iam('group/ci-runner')), noUser],
  ['a policy', hub('AwsIamPolicy', iam('policy/ci-runner')), noUser],
  ['an access key', hub('AwsIamAccessKey', iam('user/ci-runner')), noUser],
  ['root to Config', config('AWS::IAM::User', account), root],
  ['root to Config by ARN', config('AWS::IAM::User', iam('root')), root],
  ['root to Config by name', config('AWS::IAM::User', '<root_account>'), root],
  ['the account to Config', config('AWS::::Account', account), noUser],
  ['the account to Config, another id', config('AWS::::Account', 'whole'), noUser],
  ['a role to Config', config('AWS::IAM::Role', 'AROADBQP57FF2AEXAMPLE'), noUser],
  ['a group to Config', config('AWS::IAM::Group', 'AGPACKCEVSQ6C2EXAMPLE'), noUser],
  ['a policy to Config', config('AWS::IAM::Policy', 'ANPAIOSFODNN7EXAMPLE'), noUser],
  ['a role with the id of a user', config('AWS::IAM::Role', 'AIDAIOSFODNN7EXAMPLE'), noUser],
  ['a deleted user', hub('AwsIamUser', iam('user/leaver'), leaver), gone],
  ['a deleted user by name', hub('AwsIamUser', iam('user/leaver')), gone],
  ['a deleted user by id', hub('AwsIamUser', iam('user/AIDALEAVER000EXAMPLE')), gone],
  ['a deleted user to Config', config('AWS::IAM::User', 'AIDALEAVER000EXAMPLE'), gone],
  ['one made again', hub('AwsIamUser', iam('user/again'), madeAgain), /deleted and made again$/],
  ['one made again, to Config', config('AWS::IAM::User', 'AIDAFORMER000EXAMPLE'), gone],
];

async function worldIn(partition: Partition): Promise<World> {
  const region = globalRegionOf(partition);
  const world = await createWorld({
    start,
    place: { partition, account, region },
    accounts: [account],
    mode: 'auto',
    seed: 'nobody',
  });
  const createdAt = plus(start, { days: -300 });
  const employ = (userName: string, userId: string) => {
    world.cloud.addUser({ account, userName, userId, createdAt });
    world.cloud.addKey(account, userName, { createdAt });
  };
  employ('ci-runner', 'AIDAIOSFODNN7EXAMPLE');
  employ('leaver', 'AIDALEAVER000EXAMPLE');
  employ('again', 'AIDAFORMER000EXAMPLE');
  world.cloud.removeUser(account, 'leaver');
  world.cloud.removeUser(account, 'again');
  employ('again', 'AIDAJQABLZS4A3EXAMPLE');
  return world;
}

/** Everything that anybody was asked to do. */
const acts = ({ cloud }: World) =>
  cloud.history
    .filter(({ operation }) => !/^(Get|List|Describe|Lookup|AssumeRole$)/.test(operation))
    .map(({ service, operation }) => `${service}:${operation}`);

describe.each(partitions)('in partition %s', (partition) => {
  const region = globalRegionOf(partition);

  it('nobody is touched', async () => {
    const world = await worldIn(partition);
    const before = acts(world);
    for (const [what, event, reason] of events) {
      const received = await world.deliver(inPartition(event, partition, region));
      expect(received, what).toMatchObject({ outcome: 'ignored', problems: [], rotations: [] });
      expect(received.reason, what).toMatch(reason);
    }
    await world.runUntil(plus(start, { days: 3 }));
    expect(acts(world)).toEqual(before);
    expect(await everyRotation(world, [account])).toEqual([]);
    expect(world.runner.list(world.place)).toEqual([]);
    expect(world.slack.messages()).toEqual([]);
    expect(world.cloud.published).toEqual([]);
    expect(world.cloud.queueMessages).toEqual([]);
    const { keys } = world.cloud.truth(account);
    expect(keys.filter(({ deletedAt }) => deletedAt === null).map((key) => key.status)).toEqual([
      'Active',
      'Active',
    ]);
  });

  it('the innocent user would be, if it were the one meant', async () => {
    const world = await worldIn(partition);
    const event = inPartition(config('AWS::IAM::User', 'AIDAIOSFODNN7EXAMPLE'), partition, region);
    expect((await world.deliver(event)).outcome).toBe('claimed');
  });
});
