/**
 * The secrets of PagerDuty's webhook subscription, in a Secrets Manager secret of their own: who
 * checks signatures need not be able to post to Slack.
 *
 *   { "signingSecrets": ["…"] }
 *
 * Two are valid together while one is exchanged. Without the secret no request is genuine.
 */
import * as v from 'valibot';
import { Permanent } from '../domain/errors.ts';
import type { Clock } from '../domain/ports.ts';
import type { AwsConnection } from './aws-connection.ts';
import { type Kept, keptSecret, secretText } from './kept-secret.ts';

const schema = v.looseObject({
  signingSecrets: v.pipe(
    v.array(v.pipe(v.string(), v.regex(/^\S+$/u))),
    v.minLength(1),
    v.maxLength(2),
  ),
});

/** Reads the secret when first asked, then every five minutes. Throws Transient or Permanent. */
export function webhookSecrets(
  connection: AwsConnection,
  secretId: string,
  clock: Pick<Clock, 'now'>,
): Kept<readonly string[]> {
  const what = 'the webhook secret';
  const parse = (json: unknown): readonly string[] => {
    const read = v.safeParse(schema, json);
    if (read.success) return read.output.signingSecrets;
    throw new Permanent(
      `the webhook secret ${secretId} is not usable: it has to hold {"signingSecrets": ["…"]}, ` +
        'one or two of what PagerDuty showed when the webhook subscription was made',
    );
  };
  return keptSecret(clock, secretText(connection), { secretId, what, parse, absent: [] });
}
