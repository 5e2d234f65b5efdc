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
import { within } from './within.ts';

/**
 * For all attempts of one look: less than half of what the tick has. The witness reads CloudTrail
 * for 100 s at most, all else beside it.
 */
const patienceMillis = 120_000;

/** What Lambda returns as payload beside `FunctionError`. */
const functionError = v.object({
  errorType: v.optional(v.string(), 'an error'),
  errorMessage: v.optional(v.string(), 'no message'),
});

export function lambdaWitness(
  connectionFor: (place: Place) => AwsConnection,
  functionName: string,
  patience: number = patienceMillis,
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
      const lambda = connect(LambdaClient, connectionFor(where), { requestTimeout: patience });
      const command = new InvokeCommand({
        FunctionName: functionName,
        InvocationType: 'RequestResponse',
        Payload: new TextEncoder().encode(JSON.stringify(payload)),
      });
      const ask = (abortSignal: AbortSignal) =>
        lambda.send(command, { abortSignal }).catch((error: unknown) => {
          throw fromAws(tried, error);
        });
      const answer = await within(patience, ask, () => {
        throw new Transient(`${tried}: no answer within ${patience / 1000} s`);
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
