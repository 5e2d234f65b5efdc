/**
 * The stop switch as one parameter of Systems Manager: `go`, and Keyturn works; anything else, or
 * nothing readable, and it is stopped. Read again after 30 seconds at the latest, unless told else.
 */
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { messageOf } from '../domain/errors.ts';
import { type Duration, fromMillis, type Instant, isDue, plus } from '../domain/instant.ts';
import type { Clock, StopState, StopSwitch } from '../domain/ports.ts';
import { type AwsConnection, connect } from './aws-connection.ts';
import { awsErrorName } from './aws-error.ts';
import { cutText, oneLine } from './cut-text.ts';

const usuallyFresh: Duration = { seconds: 30 };
/** As much of a reason as people read. */
const longestReason = 120;

/**
 * The switch in the connection's account and Region. Reading it never throws. What was read counts
 * for `freshFor`.
 */
export function ssmStopSwitch(
  connection: AwsConnection,
  name: string,
  clock: Pick<Clock, 'now'>,
  freshFor: Duration = usuallyFresh,
): StopSwitch {
  const client = connect(SSMClient, connection);
  let last: { readonly state: Promise<StopState>; readonly until: Instant } | undefined;
  return {
    read: () => {
      if (last !== undefined && !isDue(last.until, clock.now())) return last.state;
      const until = plus(clock.now(), freshFor);
      const state = stateOf(client, name);
      // Whoever asks meanwhile waits for the same answer.
      last = { state, until };
      return state;
    },
  };
}

async function stateOf(client: SSMClient, name: string): Promise<StopState> {
  const lift = `aws ssm put-parameter --name ${name} --value go --overwrite`;
  try {
    const { Parameter } = await client.send(new GetParameterCommand({ Name: name }));
    const { Value: value = '', LastModifiedDate: at } = Parameter ?? {};
    if (value === 'go') return { stopped: false };
    const said = cutText(oneLine(value), longestReason);
    return {
      stopped: true,
      why: `parameter ${name} says "${said}". To go on: ${lift}`,
      since: at === undefined ? null : fromMillis(at.getTime()),
    };
  } catch (error) {
    const what =
      awsErrorName(error) === 'ParameterNotFound'
        ? `parameter ${name} does not exist. To go on: ${lift} --type String`
        : `parameter ${name} cannot be read (${awsErrorName(error)} – ${messageOf(error)}), ` +
          'which counts as stopped. To go on, give the function ssm:GetParameter on it, or wait';
    return { stopped: true, why: what, since: null };
  }
}
