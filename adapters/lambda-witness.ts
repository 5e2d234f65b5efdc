/**
 * Asks the witness function beside the keys. Whatever is not a whole, well-formed answer is an
 * error: nothing here can turn into `safe`.
 */
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import * as v from 'valibot';
import { Permanent, Transient } from '../domain/errors.ts';
import { examinationFields } from '../domain/examination-fields.ts';
import type { Place, Witness } from '../domain/ports.ts';
import { type AwsConnection, connect } from './aws-connection.ts';
import { fromAws } from './aws-error.ts';
import { parseEvidenceAnswer } from './evidence-json.ts';

/** What Lambda returns as payload beside `FunctionError`. */
const functionError = v.object({
  errorType: v.optional(v.string(), 'an error'),
  errorMessage: v.optional(v.string(), 'no message'),
});

export function lambdaWitness(
  connectionFor: (place: Place) => AwsConnection,
  functionName: string,
): Witness {
  return {
    examine: async (where, examination) => {
      const { user, purpose } = examination;
      if (where.account !== user.account || where.partition !== user.partition) {
        throw new Permanent(
          `user ${user.userName} is in account ${user.account} (${user.partition}) but the ` +
            `witness of account ${where.account} (${where.partition}) was to be asked`,
        );
      }
      const tried = `asking ${functionName} in ${where.account}/${where.region}`;
      const payload = { Purpose: purpose, ...examinationFields(examination) };
      const lambda = connect(LambdaClient, connectionFor(where));
      const answer = await lambda
        .send(
          new InvokeCommand({
            FunctionName: functionName,
            InvocationType: 'RequestResponse',
            Payload: new TextEncoder().encode(JSON.stringify(payload)),
          }),
        )
        .catch((error: unknown) => {
          throw fromAws(tried, error);
        });
      const body = json(answer.Payload);
      if (answer.FunctionError !== undefined) throw failure(tried, body);
      const evidence = parseEvidenceAnswer(body);
      if (!evidence.ok) {
        throw new Permanent(
          `${tried}: its answer is not understood (${evidence.problems.join('; ')}); ` +
            'deploy hub and witness in the same version',
        );
      }
      return evidence.value;
    },
  };
}

/** A function that says Permanent is not asked again; a crash or a timeout may pass. */
function failure(tried: string, body: unknown): Transient | Permanent {
  const parsed = v.safeParse(functionError, body);
  const { errorType, errorMessage } = parsed.success
    ? parsed.output
    : { errorType: 'an error', errorMessage: 'no message' };
  const message = `${tried}: it failed with ${errorType}: ${errorMessage}`;
  return errorType === 'Permanent' ? new Permanent(message) : new Transient(message);
}

function json(payload: Uint8Array | undefined): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(payload));
  } catch {
    return undefined;
  }
}
