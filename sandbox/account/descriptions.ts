/**
 * What services tell of how an account is set up, as the scene gives it: reads alone, for whoever
 * examines an account before or after a deployment. Strict: other inputs fail by name.
 */
import { awsError, type CallContext, type ServiceModel } from './service.ts';
import { type StrictOperation, strict } from './strict.ts';

/** How one account is set up in one Region. */
export interface AccountFacts {
  readonly recorder: { readonly recording: boolean; readonly users: boolean } | null;
  readonly configRules: readonly string[];
  /** null: off. */
  readonly securityHub: { readonly standards: readonly string[]; readonly iam3: boolean } | null;
  readonly securityHubV2: boolean;
  readonly concurrency: number;
  readonly adaptiveAutomation: boolean;
  readonly functions: readonly string[];
  /** The id of the HTTP API that may invoke each function; null if there is none. */
  readonly httpApi: string | null;
  /** Documents of Systems Manager by name: their text. */
  readonly documents: ReadonlyMap<string, string>;
  /** Queues by name: how many messages wait. */
  readonly queues: ReadonlyMap<string, number>;
  readonly tables: ReadonlyMap<string, TableFacts>;
  /** Roles by name: the service or account that each trusts. */
  readonly roles: ReadonlyMap<string, string>;
  /** Operations that the account's policies refuse to everybody. */
  readonly denied: readonly string[];
}

interface TableFacts {
  readonly deletionProtection: boolean;
  readonly pointInTimeRecovery: boolean;
}

export type FactsOf = (context: CallContext) => AccountFacts;

/** Operations by service, to be registered in a cloud. */
export function descriptionModels(factsOf: FactsOf): ReadonlyMap<string, ServiceModel> {
  const guarded = (service: string, operations: Readonly<Record<string, StrictOperation>>) =>
    strict(service, guardedBy(factsOf, service, operations));
  return new Map([
    ['config', guarded('config', configOperations(factsOf))],
    ['securityhub', guarded('securityhub', securityHubOperations(factsOf))],
    ['lambda', guarded('lambda', lambdaOperations(factsOf))],
    ['ssm', guarded('ssm', ssmOperations(factsOf))],
    ['sqs', guarded('sqs', sqsOperations(factsOf))],
    ['dynamodb', guarded('dynamodb', dynamodbOperations(factsOf))],
    ['iam', guarded('iam', iamOperations(factsOf))],
  ]);
}

type Operations = Readonly<Record<string, StrictOperation>>;

function guardedBy(factsOf: FactsOf, service: string, operations: Operations): Operations {
  const guard = ([name, { takes, run }]: [string, StrictOperation]) => {
    const refusing: StrictOperation['run'] = (input, context) => {
      if (factsOf(context).denied.includes(name)) {
        const what = `is not authorized to perform: ${service}:${name}`;
        throw awsError('AccessDeniedException', `User: ${context.caller.arn} ${what}`, 403);
      }
      return run(input, context);
    };
    return [name, { takes, run: refusing }] as const;
  };
  return Object.fromEntries(Object.entries(operations).map(guard));
}

/** https://docs.aws.amazon.com/config/latest/APIReference/API_Operations.html (2026-11) */
function configOperations(factsOf: FactsOf): Operations {
  const name = 'default';
  return {
    DescribeConfigurationRecorders: {
      takes: [],
      run: (_, context) => {
        const { recorder } = factsOf(context);
        if (recorder === null) return { ConfigurationRecorders: [] };
        const all = { allSupported: true, includeGlobalResourceTypes: recorder.users };
        return { ConfigurationRecorders: [{ name, recordingGroup: all }] };
      },
    },
    DescribeConfigurationRecorderStatus: {
      takes: [],
      run: (_, context) => {
        const { recorder } = factsOf(context);
        const status = { name, recording: recorder?.recording };
        return { ConfigurationRecordersStatus: recorder === null ? [] : [status] };
      },
    },
    DescribeConfigRules: {
      takes: ['NextToken'],
      run: (_, context) => ({
        ConfigRules: factsOf(context).configRules.map((rule) => ({ ConfigRuleName: rule })),
      }),
    },
  };
}

/** https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_Operations.html (2026-11) */
function securityHubOperations(factsOf: FactsOf): Operations {
  const on = (context: CallContext) => {
    const { securityHub } = factsOf(context);
    if (securityHub !== null) return securityHub;
    const problem = `Account ${context.account} is not subscribed to AWS Security Hub`;
    throw awsError('InvalidAccessException', problem, 401);
  };
  const arn = ({ partition, region, account }: CallContext, rest: string) =>
    `arn:${partition}:securityhub:${region}:${account}:${rest}`;
  return {
    DescribeHub: {
      takes: [],
      run: (_, context) => {
        on(context);
        return { HubArn: arn(context, 'hub/default') };
      },
    },
    GetEnabledStandards: {
      takes: [],
      run: (_, context) => ({
        StandardsSubscriptions: on(context).standards.map((standard) => ({
          StandardsArn: `arn:${context.partition}:securityhub:${context.region}::${standard}`,
          StandardsStatus: 'READY',
        })),
      }),
    },
    BatchGetSecurityControls: {
      takes: ['SecurityControlIds'],
      run: ({ SecurityControlIds: [id] }, context) => {
        const { iam3 } = on(context);
        const SecurityControlStatus = id === 'IAM.3' && iam3 ? 'ENABLED' : 'DISABLED';
        return { SecurityControls: [{ SecurityControlId: id, SecurityControlStatus }] };
      },
    },
    DescribeSecurityHubV2: {
      takes: [],
      run: (_, context) => {
        if (factsOf(context).securityHubV2) return { HubV2Arn: arn(context, 'hubv2/example') };
        throw awsError('ResourceNotFoundException', 'Security Hub V2 is not enabled', 404);
      },
    },
  };
}

function lambdaOperations(factsOf: FactsOf): Operations {
  return {
    GetAccountSettings: {
      takes: [],
      run: (_, context) => ({
        AccountLimit: { ConcurrentExecutions: factsOf(context).concurrency },
      }),
    },
    GetFunctionConfiguration: {
      takes: ['FunctionName'],
      run: ({ FunctionName: name }, context) => {
        if (factsOf(context).functions.includes(name)) {
          return { State: 'Active', Runtime: 'nodejs24.x', Architectures: ['arm64'] };
        }
        throw awsError('ResourceNotFoundException', `Function not found: ${name}`, 404);
      },
    },
    GetPolicy: {
      takes: ['FunctionName'],
      run: ({ FunctionName: name }, context) => {
        const { functions, httpApi } = factsOf(context);
        if (functions.includes(name) && httpApi !== null) {
          return { Policy: JSON.stringify(invokedBy(context, httpApi)) };
        }
        throw awsError(
          'ResourceNotFoundException',
          'The resource you requested does not exist.',
          404,
        );
      },
    },
  };
}

/** As the stack writes it. */
function invokedBy({ partition, region, account }: CallContext, api: string): object {
  const source = `arn:${partition}:execute-api:${region}:${account}:${api}/*`;
  const Condition = { ArnLike: { 'AWS:SourceArn': source } };
  const Principal = { Service: 'apigateway.amazonaws.com' };
  const Action = 'lambda:InvokeFunction';
  const Statement = [{ Sid: 'api', Effect: 'Allow', Principal, Action, Condition }];
  return { Version: '2012-10-17', Id: 'default', Statement };
}

function ssmOperations(factsOf: FactsOf): Operations {
  return {
    GetServiceSetting: {
      takes: ['SettingId'],
      run: ({ SettingId }, context) => {
        if (SettingId !== '/ssm/automation/enable-adaptive-concurrency') {
          throw awsError('ServiceSettingNotFound', `There is no setting ${SettingId}`);
        }
        const SettingValue = factsOf(context).adaptiveAutomation ? 'True' : 'False';
        return { ServiceSetting: { SettingId, SettingValue } };
      },
    },
    GetDocument: {
      takes: ['Name', 'DocumentFormat'],
      run: ({ Name, DocumentFormat }, context) => {
        const Content = factsOf(context).documents.get(Name);
        if (Content !== undefined) return { Name, DocumentFormat, Content };
        throw awsError('InvalidDocument', `Document with name ${Name} does not exist.`);
      },
    },
  };
}

function sqsOperations(factsOf: FactsOf): Operations {
  const nothing = () => {
    throw awsError('QueueDoesNotExist', 'The specified queue does not exist.');
  };
  return {
    GetQueueUrl: {
      takes: ['QueueName'],
      run: ({ QueueName: name }, context) => {
        if (!factsOf(context).queues.has(name)) return nothing();
        const { region, account } = context;
        return { QueueUrl: `https://sqs.${region}.amazonaws.com/${account}/${name}` };
      },
    },
    GetQueueAttributes: {
      takes: ['QueueUrl', 'AttributeNames'],
      run: ({ QueueUrl }, context) => {
        const waiting = factsOf(context).queues.get(String(QueueUrl).split('/').at(-1) ?? '');
        if (waiting === undefined) return nothing();
        return { Attributes: { ApproximateNumberOfMessages: String(waiting) } };
      },
    },
  };
}

function dynamodbOperations(factsOf: FactsOf): Operations {
  const found = (name: string, context: CallContext) => {
    const table = factsOf(context).tables.get(name);
    if (table !== undefined) return table;
    throw awsError('ResourceNotFoundException', `Requested resource not found: Table: ${name}`);
  };
  return {
    DescribeTable: {
      takes: ['TableName'],
      run: ({ TableName }, context) => {
        const { deletionProtection: DeletionProtectionEnabled } = found(TableName, context);
        return { Table: { TableName, TableStatus: 'ACTIVE', DeletionProtectionEnabled } };
      },
    },
    DescribeContinuousBackups: {
      takes: ['TableName'],
      run: ({ TableName }, context) => {
        const is = found(TableName, context).pointInTimeRecovery ? 'ENABLED' : 'DISABLED';
        const PointInTimeRecoveryDescription = { PointInTimeRecoveryStatus: is };
        return { ContinuousBackupsDescription: { PointInTimeRecoveryDescription } };
      },
    },
  };
}

function iamOperations(factsOf: FactsOf): Operations {
  return {
    GetRole: {
      takes: ['RoleName'],
      run: ({ RoleName }, context) => {
        const trusted = factsOf(context).roles.get(RoleName);
        if (trusted === undefined) {
          const problem = `The role with name ${RoleName} cannot be found.`;
          throw awsError('NoSuchEntityException', problem, 404);
        }
        const trust = { Statement: [{ Effect: 'Allow', Principal: trusted }] };
        const AssumeRolePolicyDocument = encodeURIComponent(JSON.stringify(trust));
        return { Role: { RoleName, AssumeRolePolicyDocument } };
      },
    },
  };
}
