/**
 * Somebody pressed a button in Slack. Only a request that Slack signed is read at all; nothing of a
 * body is ever logged. The answer is empty: what there is to say is said in Slack.
 */
import { type Desk, receivePress } from '../app/receive-press.ts';
import type { HttpRequest, PressReader } from '../domain/requests.ts';
import { entryPoint, type Invoke } from './middleware.ts';

export interface SlackActionDeps extends Desk {
  readonly reader: PressReader;
}

export interface HttpAnswer {
  readonly statusCode: 200 | 400 | 401 | 403;
  readonly body: '';
}

/**
 * The handler of `POST /slack/actions` (Lambda payload format 2.0). 401: not from Slack, nothing is
 * kept of it. 400: from Slack, but no press of ours. 403: of another app or workspace. 200: heard,
 * whether it changed something or not.
 */
export function onSlackActionHandler(deps: SlackActionDeps): Invoke<HttpRequest, HttpAnswer> {
  // No dead letters: a request's body is kept nowhere, and Slack does not send a press again.
  return entryPoint(
    { log: deps.log },
    {
      name: 'on-slack-action',
      handle: async (event) => ({ statusCode: await statusFor(deps, event), body: '' }),
      facts: ({ statusCode }) => ({ status: statusCode }),
    },
  );
}

async function statusFor(
  deps: SlackActionDeps,
  event: HttpRequest,
): Promise<HttpAnswer['statusCode']> {
  const reading = await deps.reader.read(event, deps.shell.clock.now());
  if (!reading.genuine) return 401;
  const { sent } = reading;
  if (!sent.ok) {
    deps.log.error('a request from Slack was not understood', { problems: sent.problems });
    return 400;
  }
  return (await receivePress(deps, sent.value)) === 'heard' ? 200 : 403;
}
