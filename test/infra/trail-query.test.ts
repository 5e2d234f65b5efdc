/**
 * The stack of a stage that names a trail to query: the witness alone may, exactly as its adapters
 * do, in the hub's account and in a member account; and without one nothing of it is there.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import { readWitnessSettings } from '../../app/config.ts';
import type { TrailQuery } from '../../domain/trail-query.ts';
import { before, type QueryUnderTest, queriedWorld, regions } from '../contracts/queried-world.ts';
import { deployment, hubTemplate, memberRolesIn, memberTemplateOf, rolesIn } from './deployed.ts';
import { queriedTrail } from './iam-actions.ts';
import { packageStack } from './packaged-stack.ts';
import { recorded, stage } from './recording.ts';
import { resolveTemplate, type Template } from './resolve-template.ts';
import type { StackRole } from './stack-roles.ts';
import { missing, superfluous, type Unseen } from './used-and-granted.ts';

const span = { days: 30, cycleMinutes: 60 };
const spanParams = ['trailDays=30', 'trailCycleMinutes=60'];
const key = 'arn:aws:kms:us-east-1:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab';
const { logGroup, workgroup } = queriedTrail;
// biome-ignore lint/suspicious/noTemplateCurlyInString: CloudFormation fills it in
const files = 'example-trail-${AWS::AccountId}/AWSLogs';

interface Kind {
  readonly params: readonly string[];
  readonly query: TrailQuery;
  readonly setUp: QueryUnderTest['setUp'];
  readonly unseen: readonly Unseen[];
}

const kinds: Readonly<Record<string, Kind>> = {
  'a log group': {
    params: [`trailLogGroup=${logGroup}`, ...spanParams],
    query: { kind: 'logs-insights', logGroup, span },
    setUp: (cloud, account, region) => cloud.addTrailLogGroup({ account, region, name: logGroup }),
    unseen: [],
  },
  'a table': {
    params: [
      ...['trailTable=trails.events', `trailWorkgroup=${workgroup}`, `trailKeys=${key}`],
      ...[`trailFiles=${files}`, 'trailResults=example-results/trails'],
      ...spanParams,
    ],
    query: { kind: 'athena', table: 'trails.events', workgroup, span },
    setUp: (cloud, account, region) =>
      cloud.addTrailTable({ account, region, table: 'trails.events', workgroup }),
    unseen: [
      {
        roles: ['witness'],
        actions: [
          ...['glue:GetPartitions', 'glue:GetTable', 'kms:Decrypt', 'kms:GenerateDataKey'],
          ...['s3:AbortMultipartUpload', 's3:GetBucketLocation', 's3:GetObject', 's3:ListBucket'],
          's3:PutObject',
        ],
        because: 'Athena reads table and files, and writes results, as whoever asks it.',
      },
    ],
  },
};

type Roles = ReadonlyMap<string, StackRole>;

/** Of the witness only what is there for the query. */
function queryPolicies(roles: Roles): Roles {
  const witness = roles.get('witness');
  if (witness === undefined) throw new Error('there is no witness');
  const policies = witness.policies.filter(({ name }) => name === 'WitnessTrailQuery');
  expect(policies).toHaveLength(1);
  return new Map([['witness', { ...witness, policies }]]);
}

/** What the witness does to answer once. */
async function usesOf({ query, setUp }: Kind) {
  const world = queriedWorld({ query, setUp });
  world.use(world.keyId, before(1));
  await world.fresh().uses(world.keyId, regions);
  return recorded(world.cloud).filter(({ role }) => role === 'witness');
}

describe.each(Object.entries(kinds))('a stage with %s', (_, kind) => {
  let template: Template;
  let hub: Roles;
  let member: Roles;
  let plain: Roles;

  beforeAll(async () => {
    plain = rolesIn(await hubTemplate());
    const { resources } = await packageStack(stage, ...kind.params);
    template = { Resources: resources };
    hub = rolesIn(template);
    member = memberRolesIn(memberTemplateOf(template));
  }, 120_000);

  test('lets the witness do what it does, and nothing else', async () => {
    const uses = await usesOf(kind);
    expect(uses.length).toBeGreaterThan(2);
    for (const roles of [hub, member]) {
      expect(await missing(uses, roles)).toEqual([]);
      expect(superfluous(uses, queryPolicies(roles), kind.unseen)).toEqual([]);
    }
  });

  test('lets nobody else do more than without it', () => {
    expect([...hub.keys()]).toEqual([...plain.keys()]);
    for (const [name, { policies }] of hub) {
      const own = policies.filter((each) => each.name !== 'WitnessTrailQuery');
      expect(own, name).toEqual(plain.get(name)?.policies);
    }
  });

  test('keeps the boundary within 6,144 characters', () => {
    const boundary = hub.get('witness')?.boundary?.policy;
    expect(JSON.stringify(boundary).length).toBeLessThan(6144);
  });

  test('tells the witness of it', () => {
    const resolved = resolveTemplate(template, deployment);
    const { Environment } = Object(template.Resources.WitnessLambdaFunction?.Properties);
    const { Variables } = Object(resolved.value(Environment));
    const settings = readWitnessSettings({ ...Variables, AWS_REGION: 'us-east-1' });
    expect(settings).toMatchObject({ ok: true, value: { trailQuery: kind.query } });
  });
});

test('a stage that names none has no policy, and its boundary denies it', async () => {
  const template = await hubTemplate();
  expect(Object.keys(template.Resources)).not.toContain('WitnessTrailQuery');
  const { policy } = rolesIn(template).get('witness')?.boundary ?? {};
  expect(policy?.Statement.find(({ Sid }) => Sid === 'NeverQueryATrail')).toMatchObject({
    Effect: 'Deny',
  });
}, 120_000);
