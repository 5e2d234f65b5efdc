/**
 * Walks a CloudFormation template by type: what each kind of resource must have, whichever stack it
 * is in. A type that is not listed is a problem too, so that nothing new goes unexamined. Works on
 * any parsed template: the hub's, or that for member accounts.
 */
import type { Resource } from './packaged-stack.ts';
import { invokeConfig, mapping, rule, schedule, topicTarget } from './walk-delivery.ts';
import { busPolicy, functionOf, permission, policyOf, role } from './walk-permissions.ts';
import { bucket, key, logGroup, queue, table, topic } from './walk-storage.ts';

export interface Template {
  readonly Resources: Readonly<Record<string, Resource>>;
}

/** What is excused, by name, each with the reason. */
export interface Excused {
  /** `<logical id>/<Sid>` of statements that allow something on every resource, or every action. */
  readonly statements: Readonly<Record<string, string>>;
  /** Logical ids of what needs no key, or need not be kept. */
  readonly resources: Readonly<Record<string, string>>;
}

export interface Found {
  readonly id: string;
  readonly resource: Resource;
  readonly template: Template;
  readonly excused: Excused;
}

/** Says everything that is wrong with a resource; nothing if all is well. */
export type Check = (found: Found) => readonly string[];

/** For types that hold nothing, let nobody in and deliver nothing. */
const nothing: Check = () => [];

const checks: Readonly<Record<string, Check>> = {
  'AWS::ApiGatewayV2::Api': nothing,
  'AWS::ApiGatewayV2::Integration': nothing,
  'AWS::ApiGatewayV2::Route': nothing,
  'AWS::ApiGatewayV2::Stage': apiStage,
  'AWS::CloudWatch::Alarm': alarm,
  'AWS::CloudWatch::Dashboard': nothing,
  'AWS::Config::ConfigRule': nothing,
  'AWS::DynamoDB::Table': table,
  'AWS::Events::EventBus': nothing,
  'AWS::Events::EventBusPolicy': busPolicy,
  'AWS::Events::Rule': rule,
  'AWS::IAM::ManagedPolicy': policyOf,
  'AWS::IAM::Policy': policyOf,
  'AWS::IAM::Role': role,
  'AWS::KMS::Alias': nothing,
  'AWS::KMS::Key': key,
  'AWS::Lambda::EventInvokeConfig': invokeConfig,
  'AWS::Lambda::EventSourceMapping': mapping,
  'AWS::Lambda::Function': functionOf,
  'AWS::Lambda::Permission': permission,
  'AWS::Logs::LogGroup': logGroup,
  'AWS::Logs::MetricFilter': nothing,
  'AWS::S3::Bucket': bucket,
  'AWS::S3::BucketPolicy': policyOf,
  'AWS::SNS::Subscription': topicTarget,
  'AWS::SNS::Topic': topic,
  'AWS::SNS::TopicPolicy': policyOf,
  'AWS::SQS::Queue': queue,
  'AWS::SQS::QueuePolicy': policyOf,
  'AWS::SSM::Document': nothing,
  'AWS::SSM::Parameter': nothing,
  'AWS::Scheduler::Schedule': schedule,
  'AWS::Scheduler::ScheduleGroup': nothing,
};

/** Everything that is wrong with a template, each problem beginning with the resource's id. */
export function walk(template: Template, excused: Excused): readonly string[] {
  return Object.entries(template.Resources).flatMap(([id, resource]) => {
    const check = checks[resource.Type];
    const problems = check?.({ id, resource, template, excused }) ?? [
      `is a ${resource.Type}: say in test/infra/walk.ts what one of these must have`,
    ];
    return problems.map((problem) => `${id} ${problem}`);
  });
}

/** Excuses that excuse nothing in any of these templates. */
export function uselessExcuses(templates: readonly Template[], excused: Excused): string[] {
  const useless = (kind: keyof Excused) =>
    Object.keys(excused[kind]).filter((name) => {
      const { [name]: _, ...others } = excused[kind];
      const without = { ...excused, [kind]: others };
      return templates.every((each) => walk(each, without).length === walk(each, excused).length);
    });
  return [...useless('statements'), ...useless('resources')];
}

function apiStage({ resource: { Properties } }: Found): readonly string[] {
  const { DefaultRouteSettings, AccessLogSettings } = Properties;
  return [
    ...(DefaultRouteSettings?.ThrottlingBurstLimit > 0 &&
    DefaultRouteSettings?.ThrottlingRateLimit > 0
      ? []
      : ['is not throttled']),
    ...(AccessLogSettings === undefined ? ['keeps no access log'] : []),
    ...(/authorization|header|\.body/i.test(AccessLogSettings?.Format ?? '')
      ? ['logs what may hold a secret']
      : []),
  ];
}

function alarm({ resource: { Properties } }: Found): readonly string[] {
  return (Properties.AlarmActions ?? []).length > 0 ? [] : ['tells nobody'];
}
