/**
 * What a CloudFormation template comes to in a given account, Region and stage: intrinsic functions
 * become texts, references become names and ARNs. Only what our templates use is modelled; anything
 * else is refused by name, so that no permission is judged on a guess.
 * https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/intrinsic-function-reference.html
 * (2026-11)
 */

export interface Template {
  readonly Resources: Readonly<Record<string, TemplateResource>>;
  readonly Parameters?: Readonly<Record<string, { readonly Default?: unknown }>>;
  readonly Conditions?: Readonly<Record<string, unknown>>;
}

export interface TemplateResource {
  readonly Type: string;
  // biome-ignore lint/suspicious/noExplicitAny: properties are those of every CloudFormation type
  readonly Properties?: any;
  readonly Condition?: string;
}

/** Where and how a template is deployed. */
export interface Deployment {
  readonly partition: string;
  readonly account: string;
  readonly region: string;
  readonly stackName: string;
  readonly parameters: Readonly<Record<string, string>>;
}

export interface Resolved {
  /** A value of the template without intrinsic functions. Throws on what is not modelled. */
  value(value: unknown): unknown;
  /** The resources whose condition holds. */
  readonly resources: Readonly<Record<string, TemplateResource>>;
}

/** Stands for AWS::NoValue: whatever holds it leaves it out. */
const noValue = Symbol('AWS::NoValue');

export function resolveTemplate(template: Template, deployment: Deployment): Resolved {
  const parts: Parts = { template, deployment };
  return {
    value: (value) => resolve(parts, value),
    resources: Object.fromEntries(
      Object.entries(template.Resources).filter(
        ([, { Condition }]) => Condition === undefined || holds(parts, { Condition }),
      ),
    ),
  };
}

interface Parts {
  readonly template: Template;
  readonly deployment: Deployment;
}

function resolve(parts: Parts, value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map((each) => resolve(parts, each)).filter((each) => each !== noValue);
  }
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  const [only] = entries;
  if (only !== undefined && entries.length === 1 && /^(Ref$|Fn::|Condition$)/.test(only[0])) {
    if (only[0] !== 'Condition') return intrinsic(parts, only[0], only[1]);
  }
  return Object.fromEntries(
    entries
      .map(([key, inner]) => [key, resolve(parts, inner)] as const)
      .filter(([, inner]) => inner !== noValue),
  );
}

function intrinsic(parts: Parts, name: string, argument: unknown): unknown {
  switch (name) {
    case 'Ref':
      return reference(parts, String(argument));
    case 'Fn::GetAtt': {
      const [id = '', attribute = ''] = Array.isArray(argument)
        ? argument.map(String)
        : String(argument).split(/\.(.*)/, 2);
      return attributeOf(parts, id, attribute);
    }
    case 'Fn::Sub':
      return substituted(parts, argument);
    case 'Fn::Join': {
      const [separator, items] = list(argument, name);
      return list(resolve(parts, items), name).join(String(separator));
    }
    case 'Fn::If': {
      const [condition, then, otherwise] = list(argument, name);
      return resolve(parts, holds(parts, { Condition: condition }) ? then : otherwise);
    }
    default:
      throw new Error(`no model of ${name}: teach it to test/infra/resolve-template.ts`);
  }
}

function list(value: unknown, name: string): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw new Error(`${name} has no list but ${JSON.stringify(value)}`);
}

function substituted(parts: Parts, argument: unknown): string {
  const [text, variables] = Array.isArray(argument) ? argument : [argument, {}];
  return String(text).replaceAll(/\$\{(!?)([^}]+)\}/g, (_, literal: string, name: string) => {
    if (literal === '!') return `\${${name}}`;
    if (Object.hasOwn(Object(variables), name)) {
      return String(resolve(parts, Object(variables)[name]));
    }
    const [id = '', attribute] = name.split(/\.(.*)/, 2);
    return attribute === undefined
      ? String(reference(parts, id))
      : attributeOf(parts, id, attribute);
  });
}

function reference(parts: Parts, id: string): unknown {
  const { deployment, template } = parts;
  const pseudo: Readonly<Record<string, unknown>> = {
    'AWS::AccountId': deployment.account,
    'AWS::Partition': deployment.partition,
    'AWS::Region': deployment.region,
    'AWS::StackName': deployment.stackName,
    'AWS::NoValue': noValue,
    'AWS::URLSuffix': 'amazonaws.com',
  };
  if (Object.hasOwn(pseudo, id)) return pseudo[id];
  const parameter = template.Parameters?.[id];
  if (parameter !== undefined) {
    const given = deployment.parameters[id] ?? parameter.Default;
    if (given === undefined) throw new Error(`the template's parameter ${id} is not given`);
    return given;
  }
  return attributeOf(parts, id, 'Ref');
}

interface Names {
  /** A property, which may be an intrinsic function; or a name as CloudFormation makes it up. */
  readonly name: (property: string) => string;
  /** `arn:aws:<service>:<region>:<account>:<resource>`. */
  readonly arn: (service: string, resource: string) => string;
  /** The same without a Region: IAM has none. */
  readonly globalArn: (service: string, resource: string) => string;
}

/** What Ref and the attributes of each type come to. */
const models: Readonly<Record<string, Readonly<Record<string, (names: Names) => string>>>> = {
  'AWS::IAM::Role': {
    Ref: ({ name }) => name('RoleName'),
    Arn: ({ name, globalArn }) => globalArn('iam', `role/${name('RoleName')}`),
  },
  'AWS::IAM::ManagedPolicy': {
    Ref: ({ name, globalArn }) => globalArn('iam', `policy/${name('ManagedPolicyName')}`),
    PolicyArn: ({ name, globalArn }) => globalArn('iam', `policy/${name('ManagedPolicyName')}`),
  },
  'AWS::Lambda::Function': {
    Ref: ({ name }) => name('FunctionName'),
    Arn: ({ name, arn }) => arn('lambda', `function:${name('FunctionName')}`),
  },
  'AWS::Logs::LogGroup': {
    Ref: ({ name }) => name('LogGroupName'),
    Arn: ({ name, arn }) => arn('logs', `log-group:${name('LogGroupName')}:*`),
  },
  'AWS::SQS::Queue': {
    Arn: ({ name, arn }) => arn('sqs', name('QueueName')),
    QueueName: ({ name }) => name('QueueName'),
  },
  'AWS::SNS::Topic': {
    Ref: ({ name, arn }) => arn('sns', name('TopicName')),
    TopicArn: ({ name, arn }) => arn('sns', name('TopicName')),
  },
  'AWS::Events::EventBus': {
    Ref: ({ name }) => name('Name'),
    Name: ({ name }) => name('Name'),
    Arn: ({ name, arn }) => arn('events', `event-bus/${name('Name')}`),
  },
  'AWS::Events::Rule': { Arn: ({ name, arn }) => arn('events', `rule/${name('Name')}`) },
  'AWS::SSM::Parameter': { Ref: ({ name }) => name('Name') },
  'AWS::SSM::Document': { Ref: ({ name }) => name('Name') },
  'AWS::DynamoDB::Table': {
    Ref: ({ name }) => name('TableName'),
    Arn: ({ name, arn }) => arn('dynamodb', `table/${name('TableName')}`),
  },
  'AWS::KMS::Key': { Arn: ({ arn }) => arn('kms', `key/${exampleKey}`), Ref: () => exampleKey },
  'AWS::S3::Bucket': {
    Ref: ({ name }) => name('BucketName'),
    Arn: ({ name }) => `arn:aws:s3:::${name('BucketName')}`,
  },
  'AWS::Scheduler::ScheduleGroup': {
    Ref: ({ name }) => name('Name'),
    Arn: ({ name, arn }) => arn('scheduler', `schedule-group/${name('Name')}`),
  },
};

const exampleKey = '1234abcd-12ab-34cd-56ef-1234567890ab';

function attributeOf(parts: Parts, id: string, attribute: string): string {
  const resource = parts.template.Resources[id];
  if (resource === undefined) throw new Error(`the template has no ${id}`);
  const model = models[resource.Type]?.[attribute];
  if (model === undefined) {
    const what = attribute === 'Ref' ? 'Ref' : `Fn::GetAtt ${attribute}`;
    throw new Error(`no model of ${what} of ${resource.Type} (${id})`);
  }
  const { partition, account, region, stackName } = parts.deployment;
  return model({
    name: (property) => {
      const given = resource.Properties?.[property];
      return given === undefined ? `${stackName}-${id}-EXAMPLE` : String(resolve(parts, given));
    },
    arn: (service, rest) => `arn:${partition}:${service}:${region}:${account}:${rest}`,
    globalArn: (service, rest) => `arn:${partition}:${service}::${account}:${rest}`,
  });
}

function holds(parts: Parts, condition: unknown): boolean {
  const [[name, argument] = ['nothing', undefined]] = Object.entries(Object(condition));
  const all = () => list(argument, name).map((each) => holds(parts, each));
  switch (name) {
    case 'Condition': {
      const named = parts.template.Conditions?.[String(argument)];
      if (named === undefined) throw new Error(`the template has no condition ${argument}`);
      return holds(parts, named);
    }
    case 'Fn::Equals': {
      const [one, other] = list(resolve(parts, argument), name);
      return one === other;
    }
    case 'Fn::Not':
      return !all().every(Boolean);
    case 'Fn::And':
      return all().every(Boolean);
    case 'Fn::Or':
      return all().some(Boolean);
    default:
      throw new Error(`no model of the condition ${name}`);
  }
}
