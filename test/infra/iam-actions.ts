/**
 * What IAM is asked when an API operation is called: the action, on which resource, and what the
 * call needs besides. By the Service Authorization Reference (2026-11), a page a service:
 * https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
 * An operation that is not listed is refused by name.
 */
import type { CallRecord } from '../../sandbox/account/door.ts';

/** What a call needed. */
export interface Needed {
  readonly action: string;
  readonly resource: string;
  readonly context?: Readonly<Record<string, string | string[]>>;
}

/** What a call does not say by itself. */
export interface Surroundings {
  readonly partition: string;
  /** The ARN of a user by name. */
  userArn(account: string, userName: string): string;
  /** The ARN of whoever has, or had, a key. */
  keyOwnerArn(account: string, accessKeyId: string): string;
}

interface Asked extends Surroundings {
  readonly account: string;
  readonly region: string;
  // biome-ignore lint/suspicious/noExplicitAny: inputs are those of the SDK's commands
  readonly input: any;
  /** `arn:aws:<service>:<region>:<account>:<resource>`, of the caller's own. */
  readonly arn: (service: string, resource: string) => string;
  readonly globalArn: (service: string, resource: string) => string;
}

/** What the recorded worlds call a trail's log group and workgroup. */
export const queriedTrail = { logGroup: 'aws-cloudtrail-logs/example', workgroup: 'trails' };

type Rule = (asked: Asked) => readonly Needed[];

/** Throws on an operation without a rule. */
export function neededFor(call: CallRecord, surroundings: Surroundings): readonly Needed[] {
  const { service, operation, account = '', region, input } = call;
  const rule = rules[`${service}:${operation}`];
  if (rule === undefined) {
    throw new Error(`${service}:${operation} has no rule: add it to test/infra/iam-actions.ts`);
  }
  const { partition } = surroundings;
  return rule({
    ...surroundings,
    account,
    region,
    input,
    arn: (name, resource) => `arn:${partition}:${name}:${region}:${account}:${resource}`,
    globalArn: (name, resource) => `arn:${partition}:${name}::${account}:${resource}`,
  });
}

const on = (action: string, resource: (asked: Asked) => string): Rule => {
  return (asked) => [{ action, resource: resource(asked) }];
};
const everything = () => '*';

const user = ({ userArn, account, input }: Asked) => userArn(account, input.UserName);
const group = ({ globalArn, input }: Asked) => globalArn('iam', `group/${input.GroupName}`);
const policy = ({ input }: Asked): string => input.PolicyArn;
/** Its last six characters are Secrets Manager's; which, no policy of ours can know. */
const secret = ({ arn, input }: Asked): string => {
  const id: string = input.SecretId ?? input.Name;
  return id.startsWith('arn:') ? id : arn('secretsmanager', `secret:${id}-AbCdEf`);
};
/** A name may be an ARN, or followed by `:<version or label>`. */
const parameter = ({ arn, input }: Asked): string => {
  const name: string = input.Name ?? input.ResourceId ?? input.Path;
  if (name.startsWith('arn:')) return name;
  return arn('ssm', `parameter/${name.replace(/^\//, '').replace(/:[^:/]*$/, '')}`);
};
const execution = ({ arn, input }: Asked) =>
  arn('ssm', `automation-execution/${input.AutomationExecutionId}`);
const calledFunction = ({ arn, input }: Asked): string =>
  input.FunctionName.startsWith('arn:')
    ? input.FunctionName
    : arn('lambda', `function:${input.FunctionName}`);
/** `https://sqs.us-east-1.amazonaws.com/111122223333/name` */
const queue = ({ input, region, partition }: Asked) => {
  const [owner, name] = String(input.QueueUrl).split('/').slice(-2);
  return `arn:${partition}:sqs:${region}:${owner}:${name}`;
};

/** Queries are asked about where they were started; an id alone does not say it. */
const workgroup = ({ arn, input }: Asked) =>
  arn('athena', `workgroup/${input.WorkGroup ?? queriedTrail.workgroup}`);
const logGroup = ({ arn, input }: Asked) =>
  arn('logs', `log-group:${input.logGroupName ?? queriedTrail.logGroup}:*`);

/** With tags, the action that tags is asked too. */
const withTags = (rule: Rule, action: string, resource: (asked: Asked) => string): Rule => {
  return (asked) => [
    ...rule(asked),
    ...([asked.input.Tags ?? []].flat().length > 0 ? on(action, resource)(asked) : []),
  ];
};

/**
 * A document is three resources: as definition, as document, as the execution that comes of it. The
 * role that it runs under is handed on.
 */
const startRun: Rule = ({ arn, input }) => {
  const { DocumentName, Parameters } = input;
  const role: string | undefined = Parameters?.AutomationAssumeRole?.[0];
  const action = 'ssm:StartAutomationExecution';
  const started = [
    `automation-definition/${DocumentName}:$DEFAULT`,
    `document/${DocumentName}`,
    'automation-execution/73c8eef8-f4ee-4a05-820c-e354fEXAMPLE',
  ].map((resource) => ({ action, resource: arn('ssm', resource) }));
  if (role === undefined) return started;
  const context = { 'iam:PassedToService': 'ssm.amazonaws.com' };
  return [...started, { action: 'iam:PassRole', resource: role, context }];
};

const assumeRole: Rule = ({ input }) => [
  {
    action: 'sts:AssumeRole',
    resource: input.RoleArn,
    ...(input.ExternalId === undefined ? {} : { context: { 'sts:ExternalId': input.ExternalId } }),
  },
];

const putEvents: Rule = ({ arn, input }) =>
  Object(input.Entries).map(({ EventBusName }: { readonly EventBusName: string }) => ({
    action: 'events:PutEvents',
    resource: EventBusName.startsWith('arn:')
      ? EventBusName
      : arn('events', `event-bus/${EventBusName}`),
  }));

const object = ({ partition, input }: Asked): string =>
  `arn:${partition}:s3:::${input.Bucket}/${input.Key}`;

const table = ({ arn }: Asked, name: string) => arn('dynamodb', `table/${name}`);
const namedTable = (asked: Asked) => {
  const { TableName, IndexName } = asked.input;
  return table(asked, TableName) + (IndexName === undefined ? '' : `/index/${IndexName}`);
};

const batchGet: Rule = (asked) =>
  Object.keys(Object(asked.input.RequestItems)).map((name) => ({
    action: 'dynamodb:BatchGetItem',
    resource: table(asked, name),
  }));

/** By its first key a role may be let write some kinds of item, and no others. */
const putItem: Rule = (asked) => {
  const kind = String(asked.input.Item?.pk?.S).replace(/#.*/, '#EXAMPLE');
  const context = { 'dynamodb:LeadingKeys': [kind] };
  return [{ action: 'dynamodb:PutItem', resource: namedTable(asked), context }];
};

/**
 * A transaction asks for what its writes would ask for one by one.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/transaction-apis-iam.html (2026-11)
 */
const transaction: Rule = (asked) =>
  Object(asked.input.TransactItems).flatMap((item: Readonly<Record<string, unknown>>) =>
    Object.entries(item)
      .filter(([, write]) => write !== undefined)
      .map(([kind, write]) => ({
        action: kind === 'ConditionCheck' ? 'dynamodb:ConditionCheckItem' : `dynamodb:${kind}Item`,
        resource: table(asked, Object(write).TableName),
      })),
  );

const rules: Readonly<Record<string, Rule>> = {
  ...named('account', everything, 'ListRegions'),
  ...named('athena', workgroup, 'GetQueryExecution', 'GetQueryResults', 'StartQueryExecution'),
  ...named('cloudtrail', everything, 'LookupEvents'),
  ...named('dynamodb', namedTable, 'DeleteItem', 'GetItem', 'Query', 'Scan', 'UpdateItem'),
  'dynamodb:PutItem': putItem,
  'dynamodb:BatchGetItem': batchGet,
  'dynamodb:TransactWriteItems': transaction,
  'events:PutEvents': putEvents,
  'logs:DescribeQueries': on('logs:DescribeQueries', everything),
  ...named('logs', logGroup, 'DescribeLogStreams', 'GetQueryResults', 'StartQuery'),
  ...named('iam', user, 'CreateAccessKey', 'DeleteAccessKey', 'UpdateAccessKey'),
  'iam:GetAccessKeyLastUsed': on('iam:GetAccessKeyLastUsed', ({ keyOwnerArn, account, input }) =>
    keyOwnerArn(account, input.AccessKeyId),
  ),
  ...named('iam', user, 'GetUser', 'GetUserPolicy', 'ListAccessKeys', 'ListAttachedUserPolicies'),
  ...named('iam', user, 'ListGroupsForUser', 'ListUserPolicies'),
  ...named('iam', group, 'GetGroupPolicy', 'ListAttachedGroupPolicies', 'ListGroupPolicies'),
  ...named('iam', policy, 'GetPolicy', 'GetPolicyVersion'),
  ...named(
    'iam',
    everything,
    'GenerateCredentialReport',
    'GetAccountAuthorizationDetails',
    'GetCredentialReport',
    'ListUsers',
  ),
  'lambda:Invoke': on('lambda:InvokeFunction', calledFunction),
  ...named('organizations', everything, 'ListAccounts', 'ListChildren', 'ListParents'),
  ...named('secretsmanager', secret, 'DescribeSecret', 'GetSecretValue', 'PutSecretValue'),
  ...named('secretsmanager', everything, 'ListSecrets'),
  ...named('secretsmanager', secret, 'TagResource', 'UpdateSecretVersionStage'),
  'secretsmanager:CreateSecret': withTags(
    on('secretsmanager:CreateSecret', secret),
    'secretsmanager:TagResource',
    secret,
  ),
  'securityhub:BatchUpdateFindings': on('securityhub:BatchUpdateFindings', ({ arn }) =>
    arn('securityhub', 'hub/default'),
  ),
  // The one operation of V2 that has no action of its own name.
  // https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_BatchUpdateFindingsV2.html
  'securityhub:BatchUpdateFindingsV2': on('securityhub:BatchUpdateFindings', ({ arn }) =>
    arn('securityhub', 'hubv2/a1b2c3d4-5678-90ab-cdef-EXAMPLE11111'),
  ),
  's3:PutObject': on('s3:PutObject', object),
  // Reading what is said of an object takes what reading the object takes.
  's3:HeadObject': on('s3:GetObject', object),
  's3:GetObject': on('s3:GetObject', object),
  ...named('config', everything, 'SelectAggregateResourceConfig', 'SelectResourceConfig'),
  'sns:Publish': on('sns:Publish', ({ input }) => input.TopicArn),
  ...named('sqs', queue, 'SendMessage', 'ReceiveMessage', 'DeleteMessage'),
  ...named('ssm', everything, 'DescribeAutomationExecutions', 'DescribeParameters'),
  ...named('ssm', execution, 'GetAutomationExecution'),
  ...named('ssm', parameter, 'DeleteParameter', 'GetParameter', 'GetParameterHistory'),
  ...named('ssm', parameter, 'GetParametersByPath', 'LabelParameterVersion'),
  ...named('ssm', parameter, 'AddTagsToResource', 'ListTagsForResource'),
  'ssm:PutParameter': withTags(
    on('ssm:PutParameter', parameter),
    'ssm:AddTagsToResource',
    parameter,
  ),
  'ssm:StartAutomationExecution': startRun,
  'sts:AssumeRole': assumeRole,
  // Needs no permission, and no policy can refuse it.
  'sts:GetCallerIdentity': () => [],
};

/** Operations whose action has their own name. */
function named(
  service: string,
  resource: (asked: Asked) => string,
  ...operations: readonly string[]
): Record<string, Rule> {
  return Object.fromEntries(
    operations.map((each) => [`${service}:${each}`, on(`${service}:${each}`, resource)]),
  );
}
