/**
 * Whether Slack's app is what Keyturn needs: its workspace, the scopes of its token, every channel
 * that the policy names, and where it sends what people press and type.
 */
import type {
  AccountReads,
  Answer,
  SlackApp,
  SlackReads,
  SlackToken,
  SlackUrls,
} from '../../domain/account-reads.ts';
import type { PolicyBook } from '../../domain/policy-book.ts';
import { type Diagnosis, missing, ok, unknown } from './diagnosis.ts';
import type { StageNames } from './names.ts';

export interface SlackPatient {
  readonly reads: SlackReads;
  /** As the functions are told. */
  readonly team: string;
  readonly channel: string;
  /** As infra/slack-app.yml has it: the scopes that are needed, and the paths of its addresses. */
  readonly wanted: SlackApp;
}

/** `deployed`: undefined where nothing is deployed that addresses could be compared with. */
export async function slackChecks(
  { reads, team, channel, wanted }: SlackPatient,
  book: PolicyBook | null,
  deployed: { readonly reads: AccountReads; readonly names: StageNames } | undefined,
): Promise<readonly Diagnosis[]> {
  const token = await reads.token();
  const addresses = deployed === undefined ? [] : await addressChecks(reads, wanted.urls, deployed);
  if (!token.read) return [unanswered('bot token', token), ...addresses];
  const channels = await Promise.all(
    channelsOf(channel, book).map((each) => channelCheck(reads, each)),
  );
  return [
    workspaceCheck(token.value, team),
    scopesCheck(token.value.scopes, wanted.scopes),
    ...channels,
    ...addresses,
  ];
}

/** What Slack did not answer: the permissions of AWS have nothing to do with it. */
function unanswered(check: string, answer: Extract<Answer<unknown>, { read: false }>): Diagnosis {
  const todo = answer.denied
    ? 'Give the app the scope that lacks, and install it again.'
    : 'Mend what stands there, then look again.';
  return { ...unknown(check, answer), todo };
}

function workspaceCheck({ team: id }: SlackToken, team: string): Diagnosis {
  const check = 'workspace';
  if (id === team) return ok(check, `The token is of ${id}.`);
  return missing(check, {
    says: `The token is of workspace ${id}, and KEYTURN_SLACK_TEAM says ${team}.`,
    means: 'Every press of a button is refused.',
    todo: `Set KEYTURN_SLACK_TEAM=${id} and deploy again, or install the app in ${team}.`,
  });
}

/** What does not work without a scope. */
const without: Readonly<Record<string, string>> = {
  'chat:write': 'nothing can be posted: nobody is told or asked anything',
  'im:write': 'no owner is told of deadlines directly: team channels are, in their place',
  commands: '/keyturn is not there',
  'channels:read': 'the doctor cannot see whether the app is in a channel',
};

/** Either lets the doctor see one kind of channel; a workspace may have its channels private. */
const insteadOf: Readonly<Record<string, string>> = { 'channels:read': 'groups:read' };

function scopesCheck(given: readonly string[], needed: readonly string[]): Diagnosis {
  const check = 'scopes';
  const has = (scope: string | undefined) => scope !== undefined && given.includes(scope);
  const lacking = needed.filter((scope) => !has(scope) && !has(insteadOf[scope]));
  if (lacking.length === 0) return ok(check, `The token has ${given.join(', ')}.`);
  const means = lacking.map((scope) => without[scope] ?? `${scope} is needed`).join('; ');
  return missing(check, {
    says: `The token lacks ${lacking.join(', ')}.`,
    means: `${means.charAt(0).toUpperCase()}${means.slice(1)}.`,
    todo:
      `At api.slack.com/apps, OAuth & Permissions, add ${lacking.join(', ')} as bot token ` +
      'scopes, then Reinstall to Workspace: they count from then on. The token may change.',
  });
}

/** The deployment's first, then those that the policy names; none twice. */
function channelsOf(usual: string, book: PolicyBook | null): readonly string[] {
  const all = book === null ? [] : [book.defaults, ...book.rules.map(({ changes }) => changes)];
  const named = all.flatMap(({ channel }) => channel ?? []).filter((each) => each !== 'default');
  return [...new Set([usual, ...named])];
}

async function channelCheck(reads: SlackReads, channel: string): Promise<Diagnosis> {
  const check = `channel ${channel}`;
  const answer = await reads.standing(channel);
  if (!answer.read) return unanswered(check, answer);
  const standing = answer.value;
  const means = 'Messages cannot be posted there.';
  switch (standing) {
    case 'joined':
      return ok(check, 'The bot is in it.');
    case 'archived': {
      const todo = 'Unarchive it, or name another one.';
      return missing(check, { says: 'It is archived.', means, todo });
    }
    case 'not joined':
    case null:
      return missing(check, {
        says: standing === null ? 'The bot sees no such channel.' : 'The bot is not in it.',
        means,
        todo: 'Invite the app: type /invite and its name in the channel; or correct its id.',
      });
  }
}

/** Where an operator enters each. */
const pages: Readonly<Record<keyof SlackUrls, string>> = {
  interactivity: 'Interactivity & Shortcuts',
  commands: 'Slash Commands, /keyturn',
  events: 'Event Subscriptions',
};

/**
 * A bot token shows nothing of what the app's pages say: without a configuration token the
 * addresses are told, for a person to compare.
 */
async function addressChecks(
  reads: SlackReads,
  wanted: SlackUrls,
  { reads: home, names }: { readonly reads: AccountReads; readonly names: StageNames },
): Promise<readonly Diagnosis[]> {
  const check = 'addresses';
  const api = await home.apiOf(names.slackActions);
  if (!api.read) return [unknown(check, api)];
  const base = api.value;
  if (base === null) {
    const says = `No HTTP API may invoke ${names.slackActions}.`;
    const means = 'Nobody can press a button or type a command.';
    return [missing(check, { says, means, todo: 'npx serverless deploy --stage STAGE' })];
  }
  const kinds = ['interactivity', 'commands', 'events'] as const;
  const rightFor = (kind: keyof SlackUrls) => new URL(pathOf(wanted[kind]), base).href;
  if (reads.app === undefined) {
    const each = kinds.map((kind) => `${pages[kind]}: ${rightFor(kind)}`).join('; ');
    return [ok(check, `Not compared; they have to be – ${each}.`)];
  }
  const app = await reads.app();
  if (!app.read) return [unanswered(check, app)];
  return kinds.map((kind) => addressCheck(kind, app.value.urls[kind], rightFor(kind)));
}

function pathOf(url: string | null): string {
  return url === null ? '/' : new URL(url).pathname;
}

function addressCheck(kind: keyof SlackUrls, is: string | null, right: string): Diagnosis {
  const check = `address of ${kind}`;
  if (is === right) return ok(check, `Slack sends to ${is}.`);
  return missing(check, {
    says: is === null ? 'The app has none.' : `Slack sends to ${is}, which is another one.`,
    means: 'What people press, type or open there does not come in.',
    todo: `At api.slack.com/apps, ${pages[kind]}: enter ${right} and save.`,
  });
}
