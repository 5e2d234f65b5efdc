/**
 * Which permissions a call uses: the action that IAM asks for, and the ARN that it asks about.
 * Where the request names no resource, or AWS documents none for the action, that is `*`.
 * https://docs.aws.amazon.com/service-authorization/latest/reference/ (2026-11)
 */
import type { Principal } from '../../../sandbox/account/identity.ts';
import type { WireRequest } from './wire.ts';

export interface Permission {
  readonly action: string;
  readonly resource: string;
}

type Input = Readonly<Record<string, unknown>>;
type Where = { readonly account: string; readonly region: string };

/** Operations whose action is called otherwise. */
const actions: Readonly<Record<string, string>> = {
  'lambda:Invoke': 'lambda:InvokeFunction',
  'securityhub:BatchUpdateFindingsV2': 'securityhub:BatchUpdateFindings',
};

const transactionActions: Readonly<Record<string, string>> = {
  Put: 'dynamodb:PutItem',
  Update: 'dynamodb:UpdateItem',
  Delete: 'dynamodb:DeleteItem',
  ConditionCheck: 'dynamodb:ConditionCheckItem',
};

export function permissionsOf(request: WireRequest, { caller }: Principal): readonly Permission[] {
  const { service, operation, input, region } = request;
  const where = { account: caller.account, region };
  const name = `${service}:${operation}`;
  if (name === 'dynamodb:TransactWriteItems') return ofTransaction(input, where);
  if (name === 'ssm:StartAutomationExecution') return ofStart(input, where);
  const resource = resources[service]?.(input, where) ?? '*';
  return [{ action: actions[name] ?? name, resource }];
}

const text = (input: Input, field: string): string | undefined => {
  const value = input[field];
  return typeof value === 'string' && value !== '' ? value : undefined;
};
const arnOr = (name: string | undefined, made: (name: string) => string): string =>
  name === undefined ? '*' : name.startsWith('arn:') ? name : made(name);

const tableArn = (name: string | undefined, { account, region }: Where) =>
  arnOr(name, (each) => `arn:aws:dynamodb:${region}:${account}:table/${each}`);

const resources: Readonly<Record<string, (input: Input, where: Where) => string>> = {
  iam: (input, { account }) => {
    const group = text(input, 'GroupName');
    if (group !== undefined) return `arn:aws:iam::${account}:group/${group}`;
    return arnOr(text(input, 'PolicyArn') ?? text(input, 'UserName'), (name) =>
      ['arn:aws:iam:', account, `user/${name}`].join(':'),
    );
  },
  sts: (input) => text(input, 'RoleArn') ?? '*',
  secretsmanager: (input, { account, region }) =>
    arnOr(
      text(input, 'SecretId') ?? text(input, 'Name'),
      (name) => `arn:aws:secretsmanager:${region}:${account}:secret:${name}`,
    ),
  ssm: (input, { account, region }) => {
    const run = text(input, 'AutomationExecutionId');
    const place = `arn:aws:ssm:${region}:${account}`;
    if (run !== undefined) return `${place}:automation-execution/${run}`;
    return arnOr(text(input, 'Name'), (name) => `${place}:parameter/${name.replace(/^\//, '')}`);
  },
  sns: (input) => text(input, 'TopicArn') ?? '*',
  sqs: (input, { region }) => {
    const [name, owner] = (text(input, 'QueueUrl') ?? '').split('/').reverse();
    return `arn:aws:sqs:${region}:${owner}:${name}`;
  },
  lambda: (input, { account, region }) =>
    arnOr(
      text(input, 'FunctionName'),
      (name) => `arn:aws:lambda:${region}:${account}:function:${name}`,
    ),
  dynamodb: (input, where) => {
    const index = text(input, 'IndexName');
    const table = tableArn(text(input, 'TableName'), where);
    return index === undefined ? table : `${table}/index/${index}`;
  },
  events: (input, { account, region }) => {
    const [first] = [input.Entries].flat() as readonly { readonly EventBusName?: string }[];
    return arnOr(
      first?.EventBusName,
      (name) => `arn:aws:events:${region}:${account}:event-bus/${name}`,
    );
  },
  securityhub: (_input, { account, region }) =>
    `arn:aws:securityhub:${region}:${account}:hub/default`,
};

function ofTransaction(input: Input, where: Where): readonly Permission[] {
  const { TransactItems: items } = input as { readonly TransactItems: Record<string, Input>[] };
  return items.flatMap((item) =>
    Object.entries(item).map(([kind, inner]) => ({
      action: transactionActions[kind] ?? `dynamodb:${kind}`,
      resource: tableArn(text(inner, 'TableName'), where),
    })),
  );
}

function ofStart(input: Input, { account, region }: Where): readonly Permission[] {
  const name = text(input, 'DocumentName');
  const parameters = Object(input.Parameters) as Readonly<Record<string, readonly string[]>>;
  const role = parameters.AutomationAssumeRole?.[0];
  const definition = `arn:aws:ssm:${region}:${account}:automation-definition/${name}:$DEFAULT`;
  return [
    { action: 'ssm:StartAutomationExecution', resource: definition },
    ...(role === undefined ? [] : [{ action: 'iam:PassRole', resource: role }]),
  ];
}
