/** The permissions that the doctor's calls need: none changes anything. */
import { heldByName } from '../../domain/connections.ts';
import type { TrailQuery } from '../../domain/trail-query.ts';
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
  trail?: TrailQuery,
): { readonly Version: '2012-10-17'; readonly Statement: readonly Statement[] } {
  const arn = (rest: string) => `arn:${partition}:${rest}`;
  return {
    Version: '2012-10-17',
    Statement: [
      allow('SeeTheAccount', accountWide, '*'),
      seeTheConnections([...heldByName(names.connections).keys()], arn),
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
        ['lambda:GetFunctionConfiguration', 'lambda:GetPolicy'],
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
      ...(trail === undefined ? [] : trailStatements(trail, arn)),
    ],
  };
}

/** All are secrets, or all are parameters. */
function seeTheConnections(
  connections: readonly string[],
  arn: (rest: string) => string,
): Statement {
  const inParameters = connections.some((name) => name.startsWith('/'));
  return allow(
    'SeeTheConnections',
    [inParameters ? 'ssm:GetParameter' : 'secretsmanager:GetSecretValue'],
    connections.map((name) =>
      arn(inParameters ? `ssm:*:*:parameter${name}` : `secretsmanager:*:*:secret:${name}-*`),
    ),
  );
}

/**
 * To ask a trail, as the witness does; which buckets and keys Athena needs beside it, the
 * parameters trailFiles, trailResults and trailKeys say.
 */
function trailStatements(trail: TrailQuery, arn: (rest: string) => string): readonly Statement[] {
  const anywhere = (name: string) => name.replaceAll(/\$\{AWS::\w+\}/g, '*');
  if (trail.kind === 'athena') {
    const [database = '', table = ''] = trail.table.split('.');
    return [
      allow(
        'AskTheTrail',
        ['athena:GetQueryExecution', 'athena:GetQueryResults', 'athena:StartQueryExecution'],
        [arn(`athena:*:*:workgroup/${anywhere(trail.workgroup)}`)],
      ),
      allow(
        'SeeItsTable',
        ['glue:GetPartitions', 'glue:GetTable'],
        ['catalog', `database/${database}`, `table/${database}/${table}`].map((each) =>
          arn(`glue:*:*:${each}`),
        ),
      ),
    ];
  }
  return [
    allow(
      'AskTheTrail',
      ['logs:DescribeLogStreams', 'logs:GetQueryResults', 'logs:StartQuery'],
      [arn(`logs:*:*:log-group:${anywhere(trail.logGroup)}:*`)],
    ),
    allow('FindTheQueryOfACycle', ['logs:DescribeQueries'], '*'),
  ];
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
