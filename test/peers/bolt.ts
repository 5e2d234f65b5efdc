/**
 * Bolt's receiver for Lambda as a second opinion on signatures. Its known faults, for which it is
 * no component here: it takes timestamps of the future; takes any version that a signature names,
 * and what follows a second `=`; reads a timestamp as JavaScript reads numbers; of two headers with
 * one name takes the first; refuses UTF-8 in base64; answers `ssl_check` unverified; and throws at
 * a form whose content type names a charset. It knows one secret: two are asked of two receivers.
 */
import { AwsLambdaReceiver, LogLevel } from '@slack/bolt';
import type { HttpRequest } from '../../domain/requests.ts';

export type BoltVerdict = 'taken' | 'refused' | 'crashed';

const silence = () => undefined;
const logger = {
  ...{ debug: silence, info: silence, warn: silence, error: silence },
  ...{ setLevel: silence, getLevel: () => LogLevel.ERROR, setName: silence },
};

/** What Bolt makes of a request, by the clock of `Date`, with any of the secrets. */
export async function boltVerdict(
  request: HttpRequest,
  signingSecrets: readonly string[],
): Promise<BoltVerdict> {
  const verdicts = await Promise.all(signingSecrets.map((secret) => verdictWith(request, secret)));
  if (verdicts.includes('crashed')) return 'crashed';
  return verdicts.includes('taken') ? 'taken' : 'refused';
}

async function verdictWith(request: HttpRequest, signingSecret: string): Promise<BoltVerdict> {
  const receiver = new AwsLambdaReceiver({ signingSecret, logger });
  // Of an app, the receiver calls this alone.
  receiver.init({
    processEvent: async (event: { ack: () => Promise<void> }) => event.ack(),
  } as never);
  try {
    const { statusCode } = await receiver.toHandler()(request as never, {});
    return statusCode === 401 ? 'refused' : 'taken';
  } catch {
    return 'crashed';
  }
}
