/**
 * How a person puts a new key into a profile of the AWS CLI: commands that read the secret and hand
 * its values on, so that none is shown, typed or kept in a history.
 * https://docs.aws.amazon.com/cli/latest/reference/configure/set.html (2026-11)
 */
import type { Rotation } from '../domain/case.ts';
import { issuedOf } from '../domain/ending.ts';
import { userNameForm } from './iam-user-arn.ts';

/** Two lines for a shell; none where no new key was issued. */
export function profileCommands(rotation: Rotation): readonly string[] {
  const arn = issuedOf(rotation)?.secretArn;
  if (arn === undefined) return [];
  const { userName } = rotation.key.user;
  const profile = userNameForm.test(userName) ? userName : 'PROFILE';
  return [
    line('aws_access_key_id', 'accessKeyId', arn, profile),
    line('aws_secret_access_key', 'secretAccessKey', arn, profile),
  ];
}

function line(setting: string, field: string, arn: string, profile: string): string {
  const value = `$(${reading(arn)} --output text | jq -r .${field})`;
  return `aws configure set ${setting} "${value}" --profile '${profile}'`;
}

function reading(arn: string): string {
  const [, , vault = '', region = ''] = arn.split(':');
  const where = /^[a-z0-9-]+$/.test(region) ? ` --region ${region}` : '';
  const named = /^[\w+=,.@:/-]+$/.test(arn) ? arn : 'SECRET';
  return vault === 'ssm'
    ? `aws ssm get-parameter --name '${named}' --with-decryption --query Parameter.Value${where}`
    : `aws secretsmanager get-secret-value --secret-id '${named}' --query SecretString${where}`;
}
