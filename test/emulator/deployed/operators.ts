/** Somebody who may do everything in an account: who deploys, and who looks at what has become. */
import type { Credentials } from '../functions/invocations.ts';
import { element } from '../proxy/callers.ts';
import type { Models } from '../proxy/models.ts';
import { operator, region } from '../stage.ts';
import { askMoto } from './ask-moto.ts';

interface Ways {
  /** By the proxy, which has to know whom it meets again. */
  readonly endpoint: string;
  /** Past it, for what it need not know. */
  readonly direct: string;
  readonly models: Models;
}

/** Roles of an operator in each account, and sessions of them. */
export async function operators(
  { endpoint, direct, models }: Ways,
  accounts: readonly string[],
): Promise<ReadonlyMap<string, Credentials>> {
  const sessions = new Map<string, Credentials>();
  const outside = askMoto(endpoint, region, 'AKIAIOSFODNN7EXAMPLE');
  for (const account of accounts) {
    const xml = await outside.query('sts', {
      Action: 'AssumeRole',
      RoleArn: `arn:aws:iam::${account}:role/${operator}`,
      RoleSessionName: operator,
    });
    const credentials = credentialsIn(xml);
    models.callers.keepOpen(credentials.accessKeyId);
    sessions.set(account, credentials);
    const ask = askMoto(direct, region, credentials.accessKeyId);
    const everything = { Effect: 'Allow', Action: '*', Resource: '*' };
    const nobody = { Effect: 'Allow', Principal: { AWS: '*' }, Action: 'sts:AssumeRole' };
    const text = (statement: object) =>
      JSON.stringify({ Version: '2012-10-17', Statement: [statement] });
    await ask.query('iam', {
      Action: 'CreateRole',
      RoleName: operator,
      AssumeRolePolicyDocument: text(nobody),
    });
    await ask.query('iam', {
      Action: 'PutRolePolicy',
      RoleName: operator,
      PolicyName: 'everything',
      PolicyDocument: text(everything),
    });
  }
  return sessions;
}

function credentialsIn(xml: string): Credentials {
  return {
    accessKeyId: element(xml, 'AccessKeyId'),
    secretAccessKey: element(xml, 'SecretAccessKey'),
    sessionToken: element(xml, 'SessionToken'),
  };
}
