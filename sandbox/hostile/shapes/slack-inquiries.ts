/**
 * HTTP requests to the Slack endpoints for commands and events: what Slack sends, damaged, and what
 * somebody forged, altered, cut off or sent again. Only what is genuine is answered, only to who is
 * among the people, in blocks that Slack takes; what was typed stands in no answer and no log.
 */
import { memoryStore } from '../../../adapters/memory-store.ts';
import { answerMessage } from '../../../adapters/slack-answers.ts';
import { slackHome } from '../../../adapters/slack-home.ts';
import { slackInquiryReader } from '../../../adapters/slack-inquiry.ts';
import type { HttpRequest } from '../../../domain/requests.ts';
import { type HttpAnswer, onSlackCommandHandler } from '../../../functions/on-slack-command.ts';
import { people, slackSetup } from '../../settings.ts';
import { slackStandIn } from '../../slack.ts';
import { rule } from '../../slack-rules.ts';
import { at } from '../contradictions.ts';
import { type CameTo, must, type Shape, shapeOf } from '../shape.ts';
import { isGenuine } from './slack-requests.ts';
import {
  decodedBody,
  forgeries,
  secrets,
  type TamperedRequest,
  tampered,
  tamperedRequests,
} from './wire.ts';

const botToken = ['xoxb', 'hostile'].join('-');
const { appId, teamId } = slackSetup;

const genuineCommand = {
  token: 'deprecated',
  team_id: teamId,
  team_domain: 'sandbox',
  enterprise_id: '',
  channel_id: 'C0ACCESSKEYS',
  user_id: people.ada.slackUserId,
  command: '/keyturn',
  text: 'status 7f9c24e8-3b1a-5c4e-9f6d-2a8b1c0d3e4f',
  api_app_id: appId,
  response_url: 'https://hooks.slack.com/commands/1/2/3',
  trigger_id: '1.2.3',
};

const genuineEvent = {
  token: 'deprecated',
  type: 'event_callback',
  team_id: teamId,
  api_app_id: appId,
  event: {
    type: 'app_home_opened',
    user: people.olivia.slackUserId,
    channel: 'D0SANDBOX',
    tab: 'home',
    event_ts: '1.2',
  },
  event_id: 'Ev0SANDBOX',
  event_time: 1,
};

/** Fields that are no text any more are sent as JSON would write them. */
const formOf = (fields: unknown): string =>
  new URLSearchParams(
    Object.entries(Object(fields)).map(([name, value]): [string, string] => [
      name.toWellFormed(),
      (typeof value === 'string' ? value : (JSON.stringify(value) ?? '')).toWellFormed(),
    ]),
  ).toString();

interface Wanted {
  readonly name: string;
  readonly genuine: unknown;
  readonly body: (payload: unknown) => string;
}

function shapeFor({ name, genuine, body }: Wanted): Shape {
  const requestOf = (given: TamperedRequest) => tampered(genuine, body, given);
  return shapeOf<TamperedRequest>({
    name,
    share: 30,
    cases: tamperedRequests(forgeries.length),
    check: async (given) => {
      const { request, moment } = requestOf(given);
      const logged: string[] = [];
      const slack = slackStandIn({ now: () => moment, botToken, ...slackSetup });
      const note = (message: string, facts: object) =>
        void logged.push(JSON.stringify([message, facts]));
      const handler = onSlackCommandHandler({
        store: memoryStore(),
        clock: { now: () => moment },
        people: Object.values(people),
        slack: { appId, teamId },
        log: { info: note, error: note },
        reader: slackInquiryReader(async () => secrets),
        publishHome: slackHome({ botToken: async () => botToken, fetch: slack.fetch }),
        render: answerMessage,
      });
      const answer = await handler(request as HttpRequest);
      must('statusCode' in answer, 'it is answered', answer);
      must((answer.statusCode !== 401) === isGenuine(request, moment), 'what is genuine', request);
      checkLog(logged, request);
      return checkAnswer(answer, request, slack.calls());
    },
    tell: (given) => requestOf(given).marks.join('\n  '),
  });
}

export const slackCommandShape = shapeFor({
  name: 'Slack command',
  genuine: genuineCommand,
  body: formOf,
});

export const slackEventShape = shapeFor({
  name: 'Slack event',
  genuine: genuineEvent,
  body: (payload) => JSON.stringify(payload),
});

const ends = {
  400: 'rejected',
  401: 'rejected as forged',
  403: 'of another app or workspace',
  503: 'to be sent again',
} as const;

function checkAnswer(answer: HttpAnswer, request: unknown, calls: number): CameTo {
  const { statusCode, body } = answer;
  if (statusCode !== 200) {
    must(body === '' && calls === 0, 'who is refused hears nothing', answer);
    return ends[statusCode];
  }
  if (body === '') return calls === 0 ? 'nothing asked' : 'a Home tab';
  const said: unknown = JSON.parse(body);
  if (typeof at(said, 'challenge') === 'string') return 'challenged';
  must(at(said, 'response_type') === 'ephemeral', 'nobody else sees it', said);
  must(rule(JSON.stringify(at(said, 'blocks'))).ok, 'Slack takes it', said);
  const form = new URLSearchParams((decodedBody(request) ?? Buffer.alloc(0)).toString('utf8'));
  const typed = form.get('text') ?? '';
  must(typed.length < 12 || !body.includes(typed), 'nothing typed is repeated', said);
  const isKnown = Object.values(people).some((each) => each.slackUserId === form.get('user_id'));
  must(isKnown !== body.includes('Your Slack user id is'), 'who is known', said);
  return isKnown ? 'answered' : 'a stranger';
}

/** Long enough that it stands in no line by chance. */
function checkLog(lines: readonly string[], request: unknown): void {
  const body = (decodedBody(request) ?? Buffer.alloc(0)).toString('utf8');
  const said = [...body.matchAll(/[\w%.:/ -]{16,}/g)].map(([each]) => each);
  const line = lines.find((each) => said.some((part) => each.includes(part)));
  must(line === undefined, 'nothing of a body is logged', line);
}
