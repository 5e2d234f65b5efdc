/** What services list after a deployment, by CloudFormation type, counted. */
import type { AskMoto } from './ask-moto.ts';
import { elements } from './ask-moto.ts';
import type { Stack } from './deploy.ts';

export interface Made {
  readonly type: string;
  /** In the templates of all accounts. */
  readonly declared: number;
  /** In the services. */
  readonly found: number;
}

/** Types of which moto's CloudFormation makes nothing, whatever it says. */
export const pretended: readonly string[] = [
  'AWS::ApiGatewayV2::Api',
  'AWS::ApiGatewayV2::Integration',
  'AWS::ApiGatewayV2::Route',
  'AWS::ApiGatewayV2::Stage',
  'AWS::CloudWatch::Alarm',
  'AWS::Events::EventBusPolicy',
  'AWS::Lambda::EventInvokeConfig',
  'AWS::Logs::MetricFilter',
  'AWS::S3::BucketPolicy',
  'AWS::SNS::TopicPolicy',
  'AWS::SQS::QueuePolicy',
  'AWS::Scheduler::Schedule',
  'AWS::Scheduler::ScheduleGroup',
];

type Counting = (ask: AskMoto) => Promise<number>;

const inXml =
  (service: string, Action: string, name: string, others = 0): Counting =>
  async (ask) =>
    elements(await ask.query(service, { Action, MaxItems: '1000', Scope: 'Local' }), name).length -
    others;

const inJson =
  (service: string, target: string, field: string, input: object = {}): Counting =>
  async (ask) =>
    namesIn(await ask.json(service, target, input), field).length;

const byRest =
  (service: string, path: string, field: string): Counting =>
  async (ask) =>
    namesIn(await ask.rest(service, 'GET', path), field).length;

/** Every text or list of texts under a name, however deep. */
function namesIn(text: string, field: string): readonly string[] {
  const found: string[] = [];
  JSON.parse(text || '{}', (name, value) => {
    if (name === field) found.push(...[value].flat().filter((each) => typeof each === 'string'));
    return value;
  });
  return found;
}

/** How many of those that a list names have something of their own. */
async function having(names: readonly string[], has: (name: string) => Promise<string>) {
  const texts = await Promise.all(names.map((name) => has(name).catch(() => '')));
  return texts.filter((text) => text !== '').length;
}

const functionNames = async (ask: AskMoto) =>
  namesIn(await ask.rest('lambda', 'GET', '/2015-03-31/functions/'), 'FunctionName');
const busNames = async (ask: AskMoto) =>
  namesIn(await ask.json('events', 'AWSEvents.ListEventBuses', {}), 'Name');
const topicArns = async (ask: AskMoto) =>
  elements(await ask.query('sns', { Action: 'ListTopics' }), 'TopicArn');
const queueUrls = async (ask: AskMoto) =>
  namesIn(await ask.json('sqs', 'AmazonSQS.ListQueues', {}), 'QueueUrls');
const buckets = async (ask: AskMoto) => elements(await ask.rest('s3', 'GET', '/'), 'Name');

const apis = byRest('apigateway', '/v2/apis', 'apiId');

const countings: Readonly<Record<string, Counting>> = {
  'AWS::ApiGatewayV2::Api': apis,
  // Without an API there is none of these.
  'AWS::ApiGatewayV2::Integration': apis,
  'AWS::ApiGatewayV2::Route': apis,
  'AWS::ApiGatewayV2::Stage': apis,
  'AWS::CloudWatch::Alarm': inXml('monitoring', 'DescribeAlarms', 'AlarmArn'),
  'AWS::CloudWatch::Dashboard': inXml('monitoring', 'ListDashboards', 'DashboardName'),
  'AWS::DynamoDB::Table': inJson('dynamodb', 'DynamoDB_20120810.ListTables', 'TableNames'),
  'AWS::Events::EventBus': async (ask) => (await busNames(ask)).length - 1,
  'AWS::Events::EventBusPolicy': async (ask) =>
    having(await busNames(ask), async (Name) => {
      const told = await ask.json('events', 'AWSEvents.DescribeEventBus', { Name });
      return namesIn(told, 'Policy').join('');
    }),
  'AWS::Events::Rule': async (ask) => {
    let found = 0;
    for (const EventBusName of await busNames(ask)) {
      const listed = await ask.json('events', 'AWSEvents.ListRules', { EventBusName });
      found += namesIn(listed, 'Name').length;
    }
    return found;
  },
  'AWS::IAM::ManagedPolicy': inXml('iam', 'ListPolicies', 'PolicyName'),
  // Beside the suite's own operator.
  'AWS::IAM::Role': inXml('iam', 'ListRoles', 'RoleName', 1),
  'AWS::Lambda::EventInvokeConfig': async (ask) =>
    having(await functionNames(ask), (name) =>
      ask.rest('lambda', 'GET', `/2019-09-25/functions/${name}/event-invoke-config`),
    ),
  'AWS::Lambda::EventSourceMapping': byRest('lambda', '/2015-03-31/event-source-mappings/', 'UUID'),
  'AWS::Lambda::Function': async (ask) => (await functionNames(ask)).length,
  'AWS::Lambda::Permission': async (ask) =>
    having(await functionNames(ask), (name) =>
      ask.rest('lambda', 'GET', `/2015-03-31/functions/${name}/policy`),
    ),
  'AWS::Logs::LogGroup': inJson('logs', 'Logs_20140328.DescribeLogGroups', 'logGroupName'),
  'AWS::Logs::MetricFilter': inJson('logs', 'Logs_20140328.DescribeMetricFilters', 'filterName'),
  'AWS::S3::Bucket': async (ask) => (await buckets(ask)).length,
  'AWS::S3::BucketPolicy': async (ask) =>
    having(await buckets(ask), (name) => ask.rest('s3', 'GET', `/${name}?policy`)),
  'AWS::SNS::Topic': async (ask) => (await topicArns(ask)).length,
  'AWS::SNS::TopicPolicy': async (ask) =>
    having(await topicArns(ask), async (TopicArn) => {
      const xml = await ask.query('sns', { Action: 'GetTopicAttributes', TopicArn });
      return xml.includes('__default_policy_ID') ? '' : xml;
    }),
  'AWS::SQS::Queue': async (ask) => (await queueUrls(ask)).length,
  'AWS::SQS::QueuePolicy': async (ask) => {
    const queues = await having(await queueUrls(ask), async (QueueUrl) => {
      const asked = { QueueUrl, AttributeNames: ['Policy'] };
      const text = await ask.json('sqs', 'AmazonSQS.GetQueueAttributes', asked);
      return namesIn(text, 'Policy').length === 0 ? '' : text;
    });
    // One policy may be that of several queues.
    return Math.min(queues, 1);
  },
  'AWS::SSM::Document': inJson('ssm', 'AmazonSSM.ListDocuments', 'Name', {
    Filters: [{ Key: 'Owner', Values: ['Self'] }],
  }),
  'AWS::SSM::Parameter': inJson('ssm', 'AmazonSSM.DescribeParameters', 'Name'),
  'AWS::Scheduler::Schedule': byRest('scheduler', '/schedules', 'Name'),
  // Beside the default one.
  'AWS::Scheduler::ScheduleGroup': async (ask) =>
    namesIn(await ask.rest('scheduler', 'GET', '/schedule-groups'), 'Name').length - 1,
};

/** Throws on a type that it cannot look for: nothing is deployed unseen. */
export async function madeOf(
  stacks: readonly Stack[],
  askIn: (account: string) => AskMoto,
): Promise<readonly Made[]> {
  const declared = new Map<string, number>();
  const found = new Map<string, number>();
  for (const { account, resources } of stacks) {
    const types = Object.values(resources).map(({ Type }) => Type);
    for (const type of types) declared.set(type, (declared.get(type) ?? 0) + 1);
    for (const type of new Set(types)) {
      const counting = countings[type];
      if (counting === undefined) throw new Error(`say in made.ts how to look for ${type} in moto`);
      found.set(type, (found.get(type) ?? 0) + (await counting(askIn(account))));
    }
  }
  return [...declared]
    .map(([type, count]) => ({ type, declared: count, found: found.get(type) ?? 0 }))
    .sort((a, b) => (a.type < b.type ? -1 : 1));
}
