/**
 * Deploys a packaged stack into moto's CloudFormation, and reads back from moto's services what it
 * made of it: functions with the environment that the template resolves to.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import type { Resource } from '../../infra/packaged-stack.ts';
import type { Credentials, DeployedFunction } from '../functions/invocations.ts';
import { type AskMoto, elements } from './ask-moto.ts';
import { forMoto } from './for-moto.ts';
import type { Packages } from './package.ts';

export interface Stack {
  readonly account: string;
  readonly resources: Readonly<Record<string, Resource>>;
  /** What CloudFormation calls each resource, by logical id. */
  readonly physical: ReadonlyMap<string, string>;
  readonly functions: readonly DeployedFunction[];
}

export interface Deploying {
  readonly ask: AskMoto;
  readonly account: string;
  readonly region: string;
  /** A session of a role, as Lambda gets it for a function. */
  readonly sessionOf: (roleArn: string, session: string) => Promise<Credentials>;
}

/** The hub's stack, by way of the bucket that its first template makes, as `serverless deploy`. */
export async function deployHub(
  deploying: Deploying,
  stackName: string,
  packages: Packages,
): Promise<Stack> {
  const { ask } = deploying;
  await ask.query('cloudformation', {
    Action: 'CreateStack',
    StackName: stackName,
    TemplateBody: packages.first,
  });
  const bucket = (await physicalIds(ask, stackName)).get('ServerlessDeploymentBucket') ?? '';
  await upload(ask, bucket, packages);
  await ask.query('cloudformation', {
    Action: 'UpdateStack',
    StackName: stackName,
    TemplateBody: forMoto(packages.whole),
  });
  return stackOf(deploying, stackName, packages.template.Resources, packages);
}

/** Any further template, with its parameters. */
export async function deployTemplate(
  deploying: Deploying,
  stackName: string,
  template: string,
  parameters: Readonly<Record<string, string>>,
  packages: Packages,
): Promise<Stack> {
  const given = Object.entries(parameters).flatMap(([name, value], index) => [
    [`Parameters.member.${index + 1}.ParameterKey`, name],
    [`Parameters.member.${index + 1}.ParameterValue`, value],
  ]);
  await deploying.ask.query('cloudformation', {
    Action: 'CreateStack',
    StackName: stackName,
    TemplateBody: forMoto(template),
    ...Object.fromEntries(given),
  });
  return stackOf(deploying, stackName, JSON.parse(template).Resources, packages);
}

async function upload(ask: AskMoto, bucket: string, { template, folder }: Packages): Promise<void> {
  for (const { Type, Properties } of Object.values(template.Resources)) {
    if (Type !== 'AWS::Lambda::Function') continue;
    const key: string = Properties.Code.S3Key;
    const zip = readFileSync(join(folder, key.split('/').at(-1) ?? ''));
    await ask.rest('s3', 'PUT', `/${bucket}/${key}`, zip);
  }
}

async function stackOf(
  deploying: Deploying,
  stackName: string,
  resources: Readonly<Record<string, Resource>>,
  packages: Packages,
): Promise<Stack> {
  const physical = await physicalIds(deploying.ask, stackName);
  const functions: DeployedFunction[] = [];
  for (const [id, { Type, Properties }] of Object.entries(resources)) {
    if (Type !== 'AWS::Lambda::Function') continue;
    const name = physical.get(id);
    if (name === undefined) throw new Error(`moto made no function of ${id}`);
    const zip = zipOf(Properties.Code.S3Key, id);
    functions.push(await deployedFunction(deploying, name, packages.unpacked(zip)));
  }
  return { account: deploying.account, resources, physical, functions };
}

/** `onTick.zip`: of the key, or of the logical id where the key is a parameter. */
function zipOf(key: unknown, logicalId: string): string {
  if (typeof key === 'string') return key.split('/').at(-1) ?? '';
  const name = logicalId.replace(/LambdaFunction$/, '');
  return `${name.charAt(0).toLowerCase()}${name.slice(1)}.zip`;
}

const configuration = v.object({
  FunctionName: v.string(),
  Handler: v.string(),
  Role: v.string(),
  Timeout: v.number(),
  Environment: v.object({ Variables: v.record(v.string(), v.string()) }),
});

async function deployedFunction(
  { ask, account, region, sessionOf }: Deploying,
  name: string,
  folder: string,
): Promise<DeployedFunction> {
  const path = `/2015-03-31/functions/${name}/configuration`;
  const told = v.parse(configuration, JSON.parse(await ask.rest('lambda', 'GET', path)));
  return {
    name,
    account,
    region,
    folder,
    handler: told.Handler,
    environment: told.Environment.Variables,
    timeoutSeconds: told.Timeout,
    credentials: await sessionOf(told.Role, name),
  };
}

async function physicalIds(ask: AskMoto, stackName: string): Promise<Map<string, string>> {
  const xml = await ask.query('cloudformation', {
    Action: 'DescribeStackResources',
    StackName: stackName,
  });
  const members = xml.split('<member>').slice(1);
  return new Map(
    members.map((member) => [
      elements(member, 'LogicalResourceId')[0] ?? '',
      elements(member, 'PhysicalResourceId')[0] ?? '',
    ]),
  );
}
