/**
 * Where an operator keeps credentials: in Secrets Manager, or in Parameter Store as a SecureString.
 * The form of the name says which: a parameter's is its full name, `/…`, or its ARN.
 */
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { parseArn } from '../domain/arn.ts';
import { Permanent } from '../domain/errors.ts';
import { type AwsConnection, connect } from './aws-connection.ts';
import { type ReadText, secretText } from './kept-secret.ts';

/** Whether a name is that of a parameter. */
export function isParameter(name: string): boolean {
  return name.startsWith('/') || parseArn(name)?.service === 'ssm';
}

/** From wherever the name says. Throws as AWS does, and Permanent if a parameter is not secure. */
export function credentialText(connection: AwsConnection): ReadText {
  const fromSecret = secretText(connection);
  const ssm = connect(SSMClient, connection);
  return async (name) => {
    if (!isParameter(name)) return fromSecret(name);
    const command = new GetParameterCommand({ Name: name, WithDecryption: true });
    const { Parameter } = await ssm.send(command);
    if (Parameter?.Type !== 'SecureString') {
      throw new Permanent(
        `the parameter ${name} is not usable: it is no SecureString, so whoever may read ` +
          'parameters reads it. Delete it, make it anew as one, and exchange what it held',
      );
    }
    return Parameter.Value;
  };
}
