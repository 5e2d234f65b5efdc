/**
 * Somebody who asks in Slack: makes the requests that Slack would send for a slash command and for
 * an opened Home tab, signed, in the shape in which API Gateway hands them to the function.
 */
import { type Finger, type HttpEvent, signed } from './clicker.ts';
import { integrationSecret, people, slackSetup } from './settings.ts';
import type { World } from './world.ts';

const paths = { command: '/slack/commands', event: '/slack/events' } as const;

/** What follows `/keyturn`. https://docs.slack.dev/interactivity/implementing-slash-commands */
export function typed(text: string, asker: Finger): HttpEvent {
  const form = new URLSearchParams({
    token: 'deprecated',
    team_id: asker.teamId,
    team_domain: 'sandbox',
    enterprise_id: '',
    channel_id: 'C0ACCESSKEYS',
    channel_name: 'access-keys',
    user_id: asker.slackUserId,
    user_name: 'somebody',
    command: '/keyturn',
    text,
    api_app_id: asker.appId,
    is_enterprise_install: 'false',
    response_url: `https://hooks.slack.com/commands/${asker.teamId}/1/sandbox`,
    trigger_id: '1.2.3',
  });
  return at(paths.command, signed(form.toString(), asker), 'application/x-www-form-urlencoded');
}

/** https://docs.slack.dev/reference/events/app_home_opened */
export function homeOpened(asker: Finger, eventId = 'Ev0SANDBOX'): HttpEvent {
  const { appId, teamId, slackUserId } = asker;
  return anEvent(
    {
      token: 'deprecated',
      team_id: teamId,
      api_app_id: appId,
      event: {
        type: 'app_home_opened',
        user: slackUserId,
        channel: 'D0SANDBOX',
        tab: 'home',
        event_ts: '1.2',
      },
      type: 'event_callback',
      event_id: eventId,
      event_time: 1,
      authorizations: [
        { enterprise_id: null, team_id: teamId, user_id: 'U0KEYTURN', is_bot: true },
      ],
    },
    asker,
  );
}

/** https://docs.slack.dev/reference/events/url_verification */
export function challenged(challenge: string, asker: Finger): HttpEvent {
  return anEvent({ token: 'deprecated', challenge, type: 'url_verification' }, asker);
}

/** Any event, signed. */
export function anEvent(body: unknown, asker: Pick<Finger, 'signingSecret' | 'now'>): HttpEvent {
  return at(paths.event, signed(JSON.stringify(body), asker), 'application/json');
}

function at(path: string, event: HttpEvent, contentType: string): HttpEvent {
  const headers = { ...event.headers, 'content-type': contentType };
  return { ...event, routeKey: `POST ${path}`, rawPath: path, headers };
}

/** Somebody of the cast, or Mallory, whom nobody configured. */
export function asker(world: World, who: keyof typeof people | 'mallory'): Finger {
  return {
    slackUserId: who === 'mallory' ? 'U0MALLORY' : people[who].slackUserId,
    appId: slackSetup.appId,
    teamId: slackSetup.teamId,
    signingSecret: integrationSecret.slackSigningSecrets[0],
    now: world.clock.now(),
  };
}

/** Types `/keyturn` and that; what only the person who typed it sees. */
export async function askAs(
  world: World,
  who: keyof typeof people | 'mallory',
  text: string,
): Promise<{ readonly text: string; readonly blocks: readonly object[] }> {
  const answer = await world.handlers.onSlackCommand(typed(text, asker(world, who)));
  if (!('statusCode' in answer) || answer.statusCode !== 200) throw new Error('no answer');
  const { text: said = '', blocks = [] } = JSON.parse(answer.body);
  return { text: said, blocks };
}

/** Opens the app's Home tab. */
export async function openHomeAs(world: World, who: keyof typeof people | 'mallory') {
  await world.handlers.onSlackCommand(homeOpened(asker(world, who)));
}
