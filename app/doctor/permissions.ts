/** The permissions that the doctor's calls need: they read, and none changes anything. */
import type { StageNames } from './names.ts';

interface Statement {
  readonly Sid: string;
  readonly Effect: 'Allow';
  readonly Action: readonly string[];
  readonly Resource: string | readonly string[];
}

/** An IAM policy for whoever runs the doctor on that stage. */
export function doctorPolicy(
  names: StageNames,
  partition: string,
): { readonly Version: '2012-10-17'; readonly Statement: readonly Statement[] } {
  const arn = (rest: string) => `arn:${partition}:${rest}`;
  return {
    Version: '2012-10-17',
    Statement: [
      allow('SeeTheAccount', accountWide, '*'),
      names.connections.startsWith('/')
        ? allow(
            'SeeTheConnections',
            ['ssm:GetParameter'],
            [arn(`ssm:*:*:parameter${names.connections}`)],
          )
        : allow(
            'SeeTheConnections',
            ['secretsmanager:GetSecretValue'],
            [arn(`secretsmanager:*:*:secret:${names.connections}-*`)],
          ),
      allow(
        'SeeTheStopSwitch',
        ['ssm:GetParameter'],
        [arn(`ssm:*:*:parameter${names.stopParameter}`)],
      ),
      allow(
        'SeeRunbooks',
        ['ssm:GetDocument'],
        [arn(`ssm:*:*:document/${names.documentPrefix}-*`)],
      ),
      allow(
        'SeeFunctions',
        ['lambda:GetFunctionConfiguration'],
        [arn(`lambda:*:*:function:keyturn-${names.stage}-*`)],
      ),
      allow('SeeRoles', ['iam:GetRole'], [arn(`iam::*:role/keyturn-${names.stage}-*`)]),
      allow(
        'SeeQueues',
        ['sqs:GetQueueAttributes', 'sqs:GetQueueUrl'],
        [arn(`sqs:*:*:keyturn-${names.stage}-*`)],
      ),
      allow(
        'SeeTheTable',
        ['dynamodb:DescribeContinuousBackups', 'dynamodb:DescribeTable'],
        [arn(`dynamodb:*:*:table/${names.table}`)],
      ),
    ],
  };
}

/** AWS documents no resource for these, or an account's own. sts:GetCallerIdentity needs none. */
const accountWide: readonly string[] = [
  'config:DescribeConfigRules',
  'config:DescribeConfigurationRecorderStatus',
  'config:DescribeConfigurationRecorders',
  'lambda:GetAccountSettings',
  'organizations:ListParents',
  'securityhub:BatchGetSecurityControls',
  'securityhub:DescribeHub',
  'securityhub:DescribeSecurityHubV2',
  'securityhub:GetEnabledStandards',
  'ssm:GetServiceSetting',
  'sts:GetCallerIdentity',
];

function allow(
  Sid: string,
  Action: readonly string[],
  Resource: string | readonly string[],
): Statement {
  return { Sid, Effect: 'Allow', Action, Resource };
}
