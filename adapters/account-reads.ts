/**
 * The doctor's eyes: an account in one Region, through calls of the SDK that read. What permissions
 * they need stands in app/doctor/permissions.ts, and a test holds it against the calls made.
 */
import {
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  DynamoDBClient,
} from '@aws-sdk/client-dynamodb';
import { GetRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import {
  GetAccountSettingsCommand,
  GetFunctionConfigurationCommand,
  LambdaClient,
} from '@aws-sdk/client-lambda';
import { GetQueueAttributesCommand, GetQueueUrlCommand, SQSClient } from '@aws-sdk/client-sqs';
import {
  GetDocumentCommand,
  GetParameterCommand,
  GetServiceSettingCommand,
  SSMClient,
} from '@aws-sdk/client-ssm';
import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import canonicalize from 'canonicalize';
import { parse } from 'yaml';
import type { AccountReads, Answer, FunctionFacts, TableFacts } from '../domain/account-reads.ts';
import { parseArn } from '../domain/arn.ts';
import type { Connection } from '../domain/connections.ts';
import { Permanent } from '../domain/errors.ts';
import type { Clock, Place } from '../domain/ports.ts';
import { apiOfFunction } from './api-of-function.ts';
import { askedTrail } from './asked-trail.ts';
import { type AwsConnection, connect } from './aws-connection.ts';
import { findingsReads } from './findings-reads.ts';
import { integrationSecrets } from './integration-secrets.ts';
import { organizationUnits } from './organizations-accounts.ts';
import { isParameter } from './secure-parameter.ts';
import { triedFact, triedRead } from './tried-read.ts';

/** Reads of one account and Region. No answer holds a secret value. */
export function accountReads(connection: AwsConnection, place: Place, clock: Clock): AccountReads {
  const ssm = connect(SSMClient, connection);
  const lambda = connect(LambdaClient, connection);
  return {
    place,
    ...findingsReads(connection),
    caller: () => triedFact('sts:GetCallerIdentity', () => callerOf(connection)),
    lambdaConcurrency: () =>
      triedFact('lambda:GetAccountSettings', async () => {
        const { AccountLimit } = await lambda.send(new GetAccountSettingsCommand({}));
        return AccountLimit?.ConcurrentExecutions ?? 0;
      }),
    adaptiveAutomation: () =>
      triedFact('ssm:GetServiceSetting', async () => {
        const asked = new GetServiceSettingCommand({ SettingId: adaptiveConcurrency });
        return (await ssm.send(asked)).ServiceSetting?.SettingValue?.toLowerCase() === 'true';
      }),
    unitsOf: (account) =>
      triedRead({
        action: 'organizations:ListParents',
        absent: ['AWSOrganizationsNotInUseException'],
        read: () => organizationUnits(connection, clock).unitsOf(account),
      }),
    connections: (name, held) => connectionsIn(connection, name, held, clock),
    routingKeyNames: (name) =>
      triedRead({
        ...readingOf(name),
        read: () => integrationSecrets(connection, { pagerDuty: name }, clock).routingKeyNames(),
      }),
    parameter: (name) =>
      triedRead({
        action: 'ssm:GetParameter',
        absent: ['ParameterNotFound'],
        read: async () =>
          (await ssm.send(new GetParameterCommand({ Name: name }))).Parameter?.Value ?? '',
      }),
    role: (name) =>
      triedRead({
        action: 'iam:GetRole',
        absent: ['NoSuchEntityException', 'NoSuchEntity'],
        read: async () => {
          const asked = new GetRoleCommand({ RoleName: name });
          const { Role } = await connect(IAMClient, connection).send(asked);
          return decodeURIComponent(Role?.AssumeRolePolicyDocument ?? '');
        },
      }),
    lambda: (name) => lambdaFacts(lambda, name),
    apiOf: (name) => apiOfFunction(lambda, name),
    askTrail: (query) =>
      askedTrail(query, {
        ...{ connection, region: place.region, clock },
        account: async () => (await callerOf(connection)).account,
      }),
    document: (name) =>
      triedRead({
        action: 'ssm:GetDocument',
        absent: ['InvalidDocument'],
        read: async () => {
          const asked = new GetDocumentCommand({ Name: name, DocumentFormat: 'YAML' });
          return canonicalDocument((await ssm.send(asked)).Content ?? '');
        },
      }),
    queue: (name) => queueLength(connect(SQSClient, connection), name),
    table: (name) => tableFacts(connect(DynamoDBClient, connection), name),
  };
}

/** A document's text, YAML or JSON, as canonical JSON. Throws on what is neither. */
export function canonicalDocument(text: string): string {
  return canonicalize(parse(text)) ?? '';
}

/**
 * https://docs.aws.amazon.com/systems-manager/latest/userguide/adaptive-concurrency.html (2026-11)
 */
const adaptiveConcurrency = '/ssm/automation/enable-adaptive-concurrency';

async function callerOf(connection: AwsConnection) {
  const said = await connect(STSClient, connection).send(new GetCallerIdentityCommand({}));
  const { Account: account = '', Arn: arn = '' } = said;
  return { account, arn, partition: parseArn(arn)?.partition ?? '' };
}

/** What reading the integration secret takes, and how AWS says that there is none. */
function readingOf(name: string) {
  return isParameter(name)
    ? { action: 'ssm:GetParameter', absent: ['ParameterNotFound'] }
    : { action: 'secretsmanager:GetSecretValue', absent: ['ResourceNotFoundException'] };
}

/** What is wrong with the secret, in the words of whoever reads it at run time. */
async function connectionsIn(
  connection: AwsConnection,
  name: string,
  held: readonly Connection[],
  clock: Clock,
): Promise<Answer<string | null>> {
  const names = Object.fromEntries(held.map((each) => [each, name]));
  const secrets = integrationSecrets(connection, names, clock);
  const answer = await triedRead({
    ...readingOf(name),
    read: async () => {
      // One reading looks at all that it is to hold.
      if (held.includes('slackToken')) await secrets.botToken();
      else if (held.includes('slackSigning')) await secrets.signingSecrets();
      else await secrets.routingKey();
      return '';
    },
  });
  if (answer.read || answer.denied || !answer.problem.includes('is not usable')) return answer;
  return { read: true, value: answer.problem.replace(/^.*? – /, '') };
}

function lambdaFacts(lambda: LambdaClient, name: string): Promise<Answer<FunctionFacts | null>> {
  return triedRead({
    action: 'lambda:GetFunctionConfiguration',
    absent: ['ResourceNotFoundException'],
    read: async () => {
      const asked = new GetFunctionConfigurationCommand({ FunctionName: name });
      const { State, Runtime = '', Architectures = [] } = await lambda.send(asked);
      // Lambda lets a function that nobody called for long go idle: the next call wakes it.
      const active = State === 'Active' || State === 'Inactive';
      return { active, runtime: Runtime, arm: Architectures.includes('arm64') };
    },
  });
}

async function queueLength(sqs: SQSClient, name: string): Promise<Answer<number | null>> {
  const found = await triedRead({
    action: 'sqs:GetQueueUrl',
    absent: ['QueueDoesNotExist', 'AWS.SimpleQueueService.NonExistentQueue'],
    read: async () => (await sqs.send(new GetQueueUrlCommand({ QueueName: name }))).QueueUrl ?? '',
  });
  if (!found.read || found.value === null) return found.read ? { read: true, value: null } : found;
  const QueueUrl = found.value;
  return triedFact('sqs:GetQueueAttributes', async () => {
    const AttributeNames = ['ApproximateNumberOfMessages' as const];
    const asked = new GetQueueAttributesCommand({ QueueUrl, AttributeNames });
    return Number((await sqs.send(asked)).Attributes?.ApproximateNumberOfMessages ?? 0);
  });
}

async function tableFacts(
  dynamodb: DynamoDBClient,
  TableName: string,
): Promise<Answer<TableFacts | null>> {
  const found = await triedRead({
    action: 'dynamodb:DescribeTable',
    absent: ['ResourceNotFoundException'],
    read: async () => (await dynamodb.send(new DescribeTableCommand({ TableName }))).Table ?? {},
  });
  if (!found.read || found.value === null) return found.read ? { read: true, value: null } : found;
  const { TableStatus, DeletionProtectionEnabled, SSEDescription } = found.value;
  return triedFact('dynamodb:DescribeContinuousBackups', async () => {
    const asked = new DescribeContinuousBackupsCommand({ TableName });
    const { ContinuousBackupsDescription: backups } = await dynamodb.send(asked);
    const recovery = backups?.PointInTimeRecoveryDescription?.PointInTimeRecoveryStatus;
    return {
      active: TableStatus === 'ACTIVE',
      deletionProtection: DeletionProtectionEnabled === true,
      pointInTimeRecovery: recovery === 'ENABLED',
      keyArn: SSEDescription?.KMSMasterKeyArn ?? null,
    };
  });
}

/** Reads of another account by a role of it, or why it does not let these credentials in. */
export function readsByRole(
  connection: AwsConnection,
  place: Place,
  roleName: string,
  clock: Clock,
): Promise<Answer<AccountReads>> {
  const asked = new AssumeRoleCommand({
    RoleArn: `arn:${place.partition}:iam::${place.account}:role/${roleName}`,
    RoleSessionName: 'keyturn-doctor',
    DurationSeconds: 900,
  });
  return triedFact('sts:AssumeRole', async () => {
    const { Credentials } = await connect(STSClient, connection).send(asked);
    const {
      AccessKeyId: accessKeyId,
      SecretAccessKey: secretAccessKey,
      SessionToken: sessionToken,
    } = Credentials ?? {};
    if (!accessKeyId || !secretAccessKey || !sessionToken) {
      throw new Permanent(`assuming ${roleName} in ${place.account}: STS gave no credentials`);
    }
    const credentials = async () => ({ accessKeyId, secretAccessKey, sessionToken });
    return accountReads({ ...connection, region: place.region, credentials }, place, clock);
  });
}
