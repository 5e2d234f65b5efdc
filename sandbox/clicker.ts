/**
 * A finger on a button: makes the request that Slack would send, signed, in the shape in which API
 * Gateway hands it to the function. Everything in it is read from the message as it is shown.
 */
import { slackSignature } from '../adapters/slack-signature.ts';
import { type Instant, toMillis } from '../domain/instant.ts';
import type { HttpRequest } from '../domain/requests.ts';
import type { ShownMessage } from './slack.ts';
import type { ShownBlock } from './slack-rules.ts';
import { triggerFor } from './slack-trigger.ts';

type Actions = Extract<ShownBlock, { type: 'actions' }>;

/** A request in API Gateway's payload format 2.0. */
export interface HttpEvent extends HttpRequest {
  readonly version: '2.0';
  readonly routeKey: string;
  readonly rawPath: string;
  readonly body: string;
}

export interface ShownButton {
  readonly blockId: string;
  readonly label: string;
  readonly button: Actions['elements'][number];
}

export interface Finger {
  readonly slackUserId: string;
  readonly appId: string;
  readonly teamId: string;
  readonly signingSecret: string;
  readonly now: Instant;
}

/** The buttons under a message, in order. */
export function buttonsOf(message: Pick<ShownMessage, 'blocks'>): readonly ShownButton[] {
  return message.blocks.flatMap((block) =>
    block.type === 'actions'
      ? block.elements.map((button) => ({
          blockId: block.block_id ?? '',
          label: button.text.text,
          button,
        }))
      : [],
  );
}

/**
 * Presses the button of that label (or the start of it, or that action_id). Throws if the message
 * has none: nobody can press what is not there.
 */
export function press(message: ShownMessage, which: string, finger: Finger): HttpEvent {
  const buttons = buttonsOf(message);
  const found = buttons.find(
    ({ label, button }) =>
      label === which || label.startsWith(`${which} `) || button.action_id === which,
  );
  if (found === undefined) {
    const labels = buttons.map(({ label }) => label).join(', ');
    throw new Error(`the message has no button "${which}", only: ${labels || 'none at all'}`);
  }
  const form = new URLSearchParams({ payload: JSON.stringify(payload(message, found, finger)) });
  return signed(form.toString(), finger);
}

/** A request with that body as Slack signs it and API Gateway passes it on: in base64. */
export function signed(
  body: string,
  { signingSecret, now }: Pick<Finger, 'signingSecret' | 'now'>,
): HttpEvent {
  const bytes = Buffer.from(body, 'utf8');
  const timestamp = String(Math.floor(toMillis(now) / 1000));
  return {
    version: '2.0',
    routeKey: 'POST /slack/actions',
    rawPath: '/slack/actions',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      'user-agent': 'Slackbot 1.0 (+https://api.slack.com/robots)',
      'x-slack-request-timestamp': timestamp,
      'x-slack-signature': slackSignature(signingSecret, timestamp, bytes),
    },
    body: bytes.toString('base64'),
    isBase64Encoded: true,
  };
}

/** https://docs.slack.dev/reference/interaction-payloads/block_actions-payload */
function payload(message: ShownMessage, { blockId, button }: ShownButton, finger: Finger): object {
  const { slackUserId, appId, teamId, now } = finger;
  const { channel, ts, text, blocks } = message;
  const seconds = toMillis(now) / 1000;
  return {
    type: 'block_actions',
    user: { id: slackUserId, username: 'somebody', name: 'somebody', team_id: teamId },
    api_app_id: appId,
    container: { type: 'message', message_ts: ts, channel_id: channel, is_ephemeral: false },
    trigger_id: triggerFor(toMillis(now), slackUserId, `${ts} ${blockId} ${button.action_id}`),
    team: { id: teamId, domain: 'sandbox' },
    enterprise: null,
    is_enterprise_install: false,
    channel: { id: channel, name: 'sandbox' },
    message: { type: 'message', ts, text, blocks },
    state: { values: {} },
    response_url: `https://hooks.slack.com/actions/${teamId}/1/sandbox`,
    actions: [
      {
        type: 'button',
        action_id: button.action_id,
        block_id: blockId,
        text: button.text,
        value: button.value,
        action_ts: seconds.toFixed(6),
      },
    ],
  };
}
