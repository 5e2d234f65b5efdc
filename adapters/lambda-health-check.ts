/**
 * Asks an operator's own Lambda function whether a new key is healthy. Only `{"Healthy": true}` is
 * a yes. The function gets no value: it may read AWSPENDING itself.
 *
 *   asked   {"UserName", "UserId", "Account", "NewKeyId", "SecretArn", "SecretVersionId"}
 *   answers {"Healthy": true} or {"Healthy": false, "Reason": "…"}
 */
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import * as v from 'valibot';
import type { HealthCheck } from '../domain/custody.ts';
import { type AwsConnection, connect } from './aws-connection.ts';
import { cutText, oneLine } from './cut-text.ts';
import { withheld } from './withheld.ts';
import { within } from './within.ts';

/** finishSecret has 290 s, of which verifying may take 80. */
const patienceMillis = 100_000;
/** As much of a reason as people read. */
const longestReason = 200;

const answerShape = v.object({ Healthy: v.boolean(), Reason: v.optional(v.string()) });
const failureShape = v.object({ errorMessage: v.string() });

type Verdict = Awaited<ReturnType<HealthCheck['ask']>>;

/** Functions in the connection's account and Region. One attempt: the step is repeated anyway. */
export function lambdaHealthCheck(
  connection: AwsConnection,
  patience: number = patienceMillis,
): HealthCheck {
  const client = connect(LambdaClient, connection, {
    maxAttempts: 1,
    requestTimeout: patience,
  });
  return {
    ask: async (functionName, question) => {
      const command = new InvokeCommand({
        FunctionName: functionName,
        InvocationType: 'RequestResponse',
        Payload: new TextEncoder().encode(
          JSON.stringify({
            UserName: question.userName,
            UserId: question.userId,
            Account: question.account,
            NewKeyId: question.newKeyId,
            SecretArn: question.secretArn,
            SecretVersionId: question.secretVersionId,
          }),
        ),
      });
      const ask = (abortSignal: AbortSignal) =>
        client.send(command, { abortSignal }).then(
          (answer): Verdict => verdictOf(answer.FunctionError, answer.Payload),
          (error: unknown): Verdict => {
            const { name, message } = withheld(error);
            return unhealthy(`it could not be asked: ${name} – ${shown(message)}`);
          },
        );
      return within(patience, ask, () =>
        unhealthy(`it did not answer within ${patience / 1000} s`),
      );
    },
  };
}

function verdictOf(functionError: string | undefined, payload: Uint8Array | undefined): Verdict {
  const body = jsonOf(payload);
  if (functionError !== undefined) {
    const said = v.is(failureShape, body) ? `: ${shown(body.errorMessage)}` : '';
    return unhealthy(`it failed${said}`);
  }
  if (!v.is(answerShape, body)) return unhealthy('its answer is not {"Healthy": true}');
  if (body.Healthy) return { healthy: true };
  return unhealthy(body.Reason === undefined ? 'it said so' : `it says: ${shown(body.Reason)}`);
}

function unhealthy(why: string): Verdict {
  return { healthy: false, why };
}

/**
 * A function that may read the key could repeat it: as long a run of such characters as a secret
 * access key has is not shown, nor is anything that names one.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html (read 2026-11)
 */
const secretLike = /[A-Za-z0-9/+=]{40}|secret_?access_?key|BEGIN [A-Z ]*PRIVATE KEY/i;

function shown(text: string): string {
  if (secretLike.test(text)) return 'its words are withheld, since they may show a secret';
  return cutText(oneLine(text), longestReason);
}

function jsonOf(payload: Uint8Array | undefined): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(payload));
  } catch {
    return undefined;
  }
}
