/**
 * Somebody asks in Slack: by /keyturn, or by opening the app's Home tab. Only a request that Slack
 * signed is read at all; nothing of a body is ever logged. The answer to a command is the response
 * itself, which only the person who asked sees.
 */
import { type InquiryDesk, type InquiryReceipt, receiveInquiry } from '../app/receive-inquiry.ts';
import type { Answer } from '../domain/answer.ts';
import type { InquiryReader } from '../domain/inquiry.ts';
import type { HttpRequest } from '../domain/requests.ts';
import { entryPoint, type Invoke } from './middleware.ts';

export interface SlackCommandDeps extends InquiryDesk {
  readonly reader: InquiryReader;
  /** The answer as a message, as JSON can carry it. */
  readonly render: (answer: Answer, slackUserId: string) => object;
}

export interface HttpAnswer {
  readonly statusCode: 200 | 400 | 401 | 403 | 503;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/**
 * The handler of `POST /slack/commands` and `POST /slack/events` (Lambda payload format 2.0). 401:
 * not from Slack, nothing is kept of it. 400: from Slack, but not as it is documented. 403: of
 * another app or workspace. 503: an event that Slack is to send again. 200: all else.
 */
export function onSlackCommandHandler(deps: SlackCommandDeps): Invoke<HttpRequest, HttpAnswer> {
  return entryPoint(
    { log: deps.log },
    {
      name: 'on-slack-command',
      handle: (event) => answerTo(deps, event),
      facts: ({ statusCode }) => ({ status: statusCode }),
    },
  );
}

async function answerTo(deps: SlackCommandDeps, event: HttpRequest): Promise<HttpAnswer> {
  const reading = await deps.reader.read(event, deps.clock.now());
  if (!reading.genuine) return empty(401);
  const { sent } = reading;
  if (!sent.ok) {
    deps.log.error('a request from Slack was not understood', { problems: sent.problems });
    return empty(400);
  }
  const inquiry = sent.value;
  const receipt = await receiveInquiry(deps, inquiry);
  return inquiry.kind === 'command'
    ? answerToCommand(deps, receipt, inquiry.slackUserId)
    : answerToEvent(receipt);
}

/** A failure is said, too: Slack would show people an error of its own, and never asks again. */
function answerToCommand(
  { render }: SlackCommandDeps,
  receipt: InquiryReceipt,
  slackUserId: string,
): HttpAnswer {
  if (receipt.came === 'refused') return empty(403);
  if (receipt.came === 'answered') return ephemeral(render(receipt.answer, slackUserId));
  const text = 'Keyturn could not reach its records. Ask again in a minute.';
  return ephemeral({ text });
}

function answerToEvent(receipt: InquiryReceipt): HttpAnswer {
  if (receipt.came === 'refused') return empty(403);
  if (receipt.came === 'challenged') return json({ challenge: receipt.challenge });
  // Slack sends an event three times more, unless it is told that this is no use.
  // https://docs.slack.dev/apis/events-api/#retries (2026-11)
  if (receipt.came !== 'failed') return empty(200);
  return receipt.mayPass ? empty(503) : { ...empty(200), headers: { 'x-slack-no-retry': '1' } };
}

function empty(statusCode: HttpAnswer['statusCode']): HttpAnswer {
  return { statusCode, headers: {}, body: '' };
}

function ephemeral(message: object): HttpAnswer {
  return json({ response_type: 'ephemeral', ...message });
}

function json(value: object): HttpAnswer {
  const headers = { 'content-type': 'application/json' };
  return { statusCode: 200, headers, body: JSON.stringify(value) };
}
