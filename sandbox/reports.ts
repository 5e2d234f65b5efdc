/** Findings as AWS Config and Security Hub would report a stale user. */
import { cryptoIds } from '../adapters/crypto-ids.ts';
import { type IamUser, userArn } from '../domain/key.ts';
import type { World } from './world.ts';

/** Where and when something is reported, and to whom it is told. */
export interface Scene extends Pick<World, 'place' | 'clock'> {
  readonly cloud: Pick<World['cloud'], 'findings' | 'findingsV2' | 'emit'>;
}

export type Reporter =
  | 'security hub'
  | 'cis 1.4.0'
  | 'cis 5.0.0'
  | 'consolidated'
  | 'custom action'
  | 'security hub v2'
  | 'config';

/** Makes the findings and has them delivered. */
export function reportStaleUser(world: Scene, user: IamUser, reporters: readonly Reporter[]): void {
  for (const reporter of reporters) {
    switch (reporter) {
      case 'config':
        reportByConfig(world, user);
        break;
      case 'security hub v2':
        reportBySecurityHubV2(world, user);
        break;
      case 'custom action':
        reportByHand(world, user);
        break;
      default:
        reportBySecurityHub(world, user, reporter);
    }
  }
}

type Hub = Extract<Reporter, 'security hub' | 'consolidated' | `cis ${string}`>;

/** What a finding's generator is called, and the number that its standard gives the control. */
const generators: Readonly<Record<Hub, readonly [generator: string, number: string]>> = {
  'security hub': ['aws-foundational-security-best-practices/v/1.0.0/IAM.3', 'IAM.3'],
  'cis 1.4.0': ['cis-aws-foundations-benchmark/v/1.4.0/1.14', '1.14'],
  'cis 5.0.0': ['cis-aws-foundations-benchmark/v/5.0.0/1.13', '1.13'],
  consolidated: ['security-control/IAM.3', 'IAM.3'],
};

/** The id of the finding that Security Hub has of a user. */
export function findingId(world: Scene, user: IamUser, by: Hub = 'security hub'): string {
  const { partition, region } = world.place;
  const [generator] = generators[by];
  const name = cryptoIds.uuid(`finding/${user.account}/${user.userId}`);
  const subscription = by === 'consolidated' ? '' : 'subscription/';
  return (
    `arn:${partition}:securityhub:${region}:${user.account}:` +
    `${subscription}${generator}/finding/${name}`
  );
}

function reportBySecurityHub(world: Scene, user: IamUser, by: Hub): void {
  const { region } = world.place;
  const finding = asffOf(world, user, by);
  world.cloud.findings.add(user.account, region, finding);
  world.cloud.findings.announce(user.account, region, finding.Id);
}

/** An analyst selects the finding and presses the custom action. */
function reportByHand(world: Scene, user: IamUser): void {
  const { partition, region } = world.place;
  const finding = asffOf(world, user, 'security hub');
  world.cloud.findings.add(user.account, region, finding);
  world.cloud.emit({
    source: 'aws.securityhub',
    detailType: 'Security Hub Findings - Custom Action',
    account: user.account,
    region,
    resources: [`arn:${partition}:securityhub:${region}:${user.account}:action/custom/keyturn`],
    detail: {
      actionName: 'Rotate the key',
      actionDescription: 'Starts a staged rotation with Keyturn',
      findings: [finding],
    },
    delaySeconds: 3,
  });
}

function productFields(world: Scene, user: IamUser, by: Hub): Readonly<Record<string, string>> {
  const { partition, region } = world.place;
  const product = { 'aws/securityhub/ProductName': 'Security Hub' };
  if (by === 'consolidated') return product;
  const [generator, number] = generators[by];
  if (by === 'security hub') return { ControlId: number, ...product };
  const standard = generator.slice(0, -number.length - 1);
  const home = `arn:${partition}:securityhub:${region}:${user.account}`;
  return {
    ControlId: number,
    StandardsArn: `arn:${partition}:securityhub:::standards/${standard}`,
    StandardsSubscriptionArn: `${home}:subscription/${standard}`,
    ...product,
  };
}

function asffOf(world: Scene, user: IamUser, by: Hub) {
  const { partition, region } = world.place;
  const now = world.clock.now();
  const Id = findingId(world, user, by);
  const consolidated = by === 'consolidated' ? { SecurityControlId: 'IAM.3' } : {};
  return {
    SchemaVersion: '2018-10-08',
    Id,
    ProductArn: `arn:${partition}:securityhub:${region}::product/aws/securityhub`,
    ProductName: 'Security Hub',
    CompanyName: 'AWS',
    Region: region,
    GeneratorId: generators[by][0],
    AwsAccountId: user.account,
    Types: ['Software and Configuration Checks/Industry and Regulatory Standards'],
    CreatedAt: now,
    UpdatedAt: now,
    Severity: { Label: 'MEDIUM', Normalized: 40, Original: 'MEDIUM' },
    Title: "IAM users' access keys should be rotated every 90 days or less",
    Description: 'This control checks whether the active access keys are rotated within 90 days.',
    ProductFields: productFields(world, user, by),
    Resources: [
      {
        Type: 'AwsIamUser',
        Id: userArn(user),
        Partition: partition,
        Region: region,
        Details: {
          AwsIamUser: { Path: user.path, UserId: user.userId, UserName: user.userName },
        },
      },
    ],
    Compliance: { Status: 'FAILED', ...consolidated },
    WorkflowState: 'NEW',
    Workflow: { Status: 'NEW' },
    RecordState: 'ACTIVE',
  };
}

function reportBySecurityHubV2(world: Scene, user: IamUser): void {
  const { partition, region } = world.place;
  const now = world.clock.now();
  const uid = cryptoIds.uuid(`finding v2/${user.account}/${user.userId}`);
  const owner = { account: { uid: user.account } };
  const ofControl = `arn:${partition}:securityhub:${region}:${user.account}:security-control/IAM.3`;
  world.cloud.findingsV2.add(user.account, region, {
    activity_id: 1,
    activity_name: 'Create',
    category_uid: 2,
    class_name: 'Compliance Finding',
    class_uid: 2003,
    cloud: { account: { uid: user.account }, provider: 'AWS', region },
    compliance: {
      control: 'IAM.3',
      standards: ['standards/aws-foundational-security-best-practices/v/1.0.0'],
      status: 'Fail',
      status_id: 3,
    },
    finding_info: {
      modified_time_dt: now,
      title: "IAM users' access keys should be rotated every 90 days or less",
      uid: `${ofControl}/finding/${uid}`,
    },
    metadata: {
      product: {
        name: 'Security Hub',
        uid: `arn:${partition}:securityhub:${region}::productv2/aws/securityhub`,
      },
      uid,
    },
    resources: [
      {
        cloud_partition: partition,
        owner,
        region: 'global',
        type: 'AWS::IAM::User',
        uid: user.userId,
        uid_alt: userArn(user),
      },
    ],
    severity: 'Medium',
    severity_id: 3,
    status: 'New',
    status_id: 1,
    type_uid: 200301,
  });
  world.cloud.findingsV2.announce(user.account, region, uid);
}

function reportByConfig(world: Scene, user: IamUser): void {
  const { partition, region } = world.place;
  const now = world.clock.now();
  const rule = 'access-keys-rotated';
  const result = (complianceType: string) => ({
    evaluationResultIdentifier: {
      evaluationResultQualifier: {
        configRuleName: rule,
        resourceType: 'AWS::IAM::User',
        resourceId: user.userId,
      },
      orderingTimestamp: now,
    },
    complianceType,
    resultRecordedTime: now,
    configRuleInvokedTime: now,
  });
  world.cloud.emit({
    source: 'aws.config',
    detailType: 'Config Rules Compliance Change',
    account: user.account,
    region,
    delaySeconds: 90,
    detail: {
      resourceId: user.userId,
      awsRegion: region,
      awsAccountId: user.account,
      configRuleName: rule,
      recordVersion: '1.0',
      configRuleARN: `arn:${partition}:config:${region}:${user.account}:config-rule/example`,
      messageType: 'ComplianceChangeNotification',
      newEvaluationResult: result('NON_COMPLIANT'),
      notificationCreationTime: now,
      resourceType: 'AWS::IAM::User',
    },
  });
}
