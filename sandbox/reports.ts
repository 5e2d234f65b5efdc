/** Findings as AWS Config and Security Hub would report a stale user. */
import { cryptoIds } from '../adapters/crypto-ids.ts';
import { type IamUser, userArn } from '../domain/key.ts';
import type { World } from './world.ts';

export type Reporter = 'security hub' | 'security hub v2' | 'config';

/** Makes the findings and has them delivered. */
export function reportStaleUser(world: World, user: IamUser, reporters: readonly Reporter[]): void {
  for (const reporter of reporters) {
    if (reporter === 'config') reportByConfig(world, user);
    else if (reporter === 'security hub') reportBySecurityHub(world, user);
    else reportBySecurityHubV2(world, user);
  }
}

/** The id of the finding that Security Hub has of a user. */
export function findingId(world: World, user: IamUser): string {
  const { partition, region } = world.place;
  const name = cryptoIds.uuid(`finding/${user.account}/${user.userId}`);
  return (
    `arn:${partition}:securityhub:${region}:${user.account}:subscription/` +
    `aws-foundational-security-best-practices/v/1.0.0/IAM.3/finding/${name}`
  );
}

function reportBySecurityHub(world: World, user: IamUser): void {
  const { partition, region } = world.place;
  const now = world.clock.now();
  const Id = findingId(world, user);
  world.cloud.findings.add(user.account, region, {
    SchemaVersion: '2018-10-08',
    Id,
    ProductArn: `arn:${partition}:securityhub:${region}::product/aws/securityhub`,
    ProductName: 'Security Hub',
    CompanyName: 'AWS',
    Region: region,
    GeneratorId: 'aws-foundational-security-best-practices/v/1.0.0/IAM.3',
    AwsAccountId: user.account,
    Types: ['Software and Configuration Checks/Industry and Regulatory Standards'],
    CreatedAt: now,
    UpdatedAt: now,
    Severity: { Label: 'MEDIUM', Normalized: 40, Original: 'MEDIUM' },
    Title: "IAM users' access keys should be rotated every 90 days or less",
    Description: 'This control checks whether the active access keys are rotated within 90 days.',
    ProductFields: { ControlId: 'IAM.3', 'aws/securityhub/ProductName': 'Security Hub' },
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
    Compliance: { Status: 'FAILED' },
    WorkflowState: 'NEW',
    Workflow: { Status: 'NEW' },
    RecordState: 'ACTIVE',
  });
  world.cloud.findings.announce(user.account, region, Id);
}

function reportBySecurityHubV2(world: World, user: IamUser): void {
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

function reportByConfig(world: World, user: IamUser): void {
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
