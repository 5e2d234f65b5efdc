/**
 * Somebody pressed a button in Slack, or sent a form. Only a request that Slack signed is read at
 * all; nothing of a body is ever logged. The answer is empty, but for what is wrong with a form:
 * what else there is to say is said in Slack.
 */
import type { Desk } from '../app/desk.ts';
import { type FormReceipt, openForm, receiveForm } from '../app/receive-form.ts';
import { receivePress } from '../app/receive-press.ts';
import type { HttpRequest, PressReader, Sent } from '../domain/requests.ts';
import { entryPoint, type Invoke } from './middleware.ts';

export interface SlackActionDeps extends Desk {
  readonly reader: PressReader;
  /** The text under a field of a form, as the tool shows it. */
  readonly fieldError: (field: string, problem: string) => string;
}

export interface HttpAnswer {
  readonly statusCode: 200 | 400 | 401 | 403;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * The handler of `POST /slack/actions` (Lambda payload format 2.0). 401: not from Slack, nothing is
 * kept of it. 400: from Slack, but no press of ours. 403: of another app or workspace. 200: heard,
 * whether it changed something or not; with a body where a form stays open.
 */
export function onSlackActionHandler(deps: SlackActionDeps): Invoke<HttpRequest, HttpAnswer> {
  // No dead letters: a request's body is kept nowhere, and Slack does not send a press again.
  return entryPoint(
    { log: deps.log },
    {
      name: 'on-slack-action',
      handle: (event) => answerTo(deps, event),
      facts: ({ statusCode }) => ({ status: statusCode }),
    },
  );
}

async function answerTo(deps: SlackActionDeps, event: HttpRequest): Promise<HttpAnswer> {
  const reading = await deps.reader.read(event, deps.shell.clock.now());
  if (!reading.genuine) return { statusCode: 401, body: '' };
  const { sent } = reading;
  if (!sent.ok) {
    deps.log.error('a request from Slack was not understood', { problems: sent.problems });
    return { statusCode: 400, body: '' };
  }
  const receipt = await receive(deps, sent.value);
  if (typeof receipt === 'string') {
    return { statusCode: receipt === 'heard' ? 200 : 403, body: '' };
  }
  return {
    statusCode: 200,
    headers: { 'content-type': 'application/json' },
    body: deps.fieldError(receipt.field, receipt.problem),
  };
}

function receive(desk: Desk, sent: Sent): Promise<FormReceipt> {
  switch (sent.sent) {
    case 'press':
      return receivePress(desk, sent);
    case 'opening':
      return openForm(desk, sent);
    case 'form':
      return receiveForm(desk, sent);
  }
}
