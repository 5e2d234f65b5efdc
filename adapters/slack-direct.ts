/**
 * What one person is told alone, as a Slack message: of one rotation what happens when and what to
 * change, of many a digest. Rendered from the stored state; no value of a secret is ever in it, and
 * all outside text stands in plain_text, or in mrkdwn in code style.
 */
import { deadlineOf } from '../domain/at-a-glance.ts';
import type { Rotation } from '../domain/case.ts';
import { issuedOf } from '../domain/ending.ts';
import { shortKey } from '../domain/key.ts';
import {
  digestLine,
  digestText,
  type Holder,
  holdersOf,
  mostInDigest,
  noticeText,
} from '../domain/notice-text.ts';
import type { Notice } from '../domain/ports.ts';
import { oneLine } from './cut-text.ts';
import { profileCommands } from './profile-commands.ts';
import { secretConsoleUrl } from './secret-console.ts';
import { slackDate } from './slack-date.ts';
import { codeText, cutEscaped, escapeSlack, mention, plainText } from './slack-escape.ts';
import { lastUses } from './slack-last-uses.ts';
import { slackLimits } from './slack-limits.ts';
import { type Block, type Mrkdwn, plain, type SlackMessage } from './slack-message.ts';

const room = { leading: 1300, user: 130, arn: 600, line: 130 } as const;

/** One notice whole, or several as a digest; `channel` is the default one. */
export function directMessage(notices: readonly Notice[], channel: string): SlackMessage {
  const [first] = notices;
  return first !== undefined && notices.length === 1
    ? oneNotice(first, channel)
    : digest(notices.map(({ rotation }) => rotation));
}

function oneNotice({ rotation, occasion, place }: Notice, usual: string): SlackMessage {
  const { key, policy } = rotation;
  const text = oneLine(noticeText(rotation, occasion));
  const title = `Access key ${shortKey(key.keyId)} of ${oneLine(key.user.userName)}`;
  const { channel: own = 'default' } = policy;
  const channel = place?.channel ?? (own === 'default' ? usual : own);
  return {
    text: plainText(text, slackLimits.text),
    blocks: [
      { type: 'header', text: plain(title, slackLimits.header) },
      { type: 'section', text: plain(text, room.leading) },
      { type: 'section', fields: fields(rotation) },
      ...lastUses(rotation),
      ...whatToChange(rotation),
      { type: 'context', elements: [mrkdwn(whereElse(channel))] },
    ],
  };
}

/** A channel's id as a link to it. https://docs.slack.dev/messaging/formatting-message-text */
function whereElse(channel: string): string {
  const named = /^[CG][A-Z0-9]+$/.test(channel) ? `<#${channel}>` : codeText(channel, 100);
  return `Buttons to snooze, pause or roll back are on the rotation's message in ${named}.`;
}

function fields(rotation: Rotation): Mrkdwn[] {
  const { user, keyId } = rotation.key;
  const deadline = deadlineOf(rotation);
  const cells: readonly (readonly [string, string])[] = [
    ['Account', codeText(user.account, 30)],
    ['User', codeText(user.userName, room.user)],
    ['Old key', codeText(shortKey(keyId), 100)],
    deadline === null
      ? ['Deadline', 'none']
      : [cutEscaped(escapeSlack(deadline.what), 100), slackDate(deadline.at)],
  ];
  return cells.map(([label, value]) => mrkdwn(`*${label}*\n${value}`));
}

/** Where the new key is, and how each kind of program comes to it. */
function whatToChange(rotation: Rotation): Block[] {
  const issued = issuedOf(rotation);
  if (issued === null || rotation.stage.name === 'done') return [];
  const url = secretConsoleUrl(issued.secretArn);
  const lines = [
    `*New key* ${codeText(shortKey(issued.newKeyId), 100)} is in the secret`,
    codeText(issued.secretArn, room.arn),
    ...(url === undefined ? [] : [`<${escapeSlack(url)}|Open it in the AWS console>`]),
  ];
  const advice = holdersOf(rotation).map((holder) => adviceFor(holder, rotation));
  return [
    { type: 'section', text: mrkdwn(lines.join('\n')) },
    ...advice.map((text): Block => ({ type: 'section', text: mrkdwn(text) })),
  ];
}

function adviceFor(holder: Holder, rotation: Rotation): string {
  switch (holder) {
    case 'profile':
      return [
        '*A profile in* `~/.aws/credentials` (AWS CLI): run these two lines, which show no value.',
        `\`\`\`\n${commandsFor(rotation)}\n\`\`\``,
      ].join('\n');
    case 'environment':
      return (
        '*Environment variables, or a program that nobody knows here*: set ' +
        '`AWS_ACCESS_KEY_ID` to `accessKeyId` and `AWS_SECRET_ACCESS_KEY` to `secretAccessKey` ' +
        'of the secret where the program gets its environment, and start it again.'
      );
    case 'start-up':
      return (
        '*ECS, EC2 or Lambda*: have it read the secret as it starts (in ECS by `secrets` of the ' +
        'container, in Lambda by the Parameters and Secrets extension), and start it again. A ' +
        'role of its own would need no key at all.'
      );
  }
}

/** In a code block nothing is formatted; a backtick would end it. */
function commandsFor(rotation: Rotation): string {
  return profileCommands(rotation)
    .map((line) => escapeSlack(line.replaceAll('`', 'ˋ')))
    .join('\n');
}

function digest(rotations: readonly Rotation[]): SlackMessage {
  const named = rotations
    .slice(0, mostInDigest)
    .map((rotation) => `• ${plainText(oneLine(digestLine(rotation)), room.line)}`);
  const more = rotations.length - named.length;
  const lines = [...named, ...(more > 0 ? [`… and ${more} more`] : [])].join('\n');
  const title = `${rotations.length} of your access keys are being rotated`;
  return {
    text: plainText(oneLine(digestText(rotations)), slackLimits.text),
    blocks: [
      { type: 'header', text: plain(title, slackLimits.header) },
      {
        type: 'section',
        text: {
          type: 'plain_text',
          text: cutEscaped(lines, slackLimits.sectionText),
          emoji: false,
        },
      },
      {
        type: 'context',
        elements: [mrkdwn('Each has a message of its own, with its secret and its buttons.')],
      },
    ],
  };
}

/** What stands in for a direct message in a channel: the person is called upon. */
export function callingMessage(news: string, slackUserId: string): SlackMessage {
  const text = oneLine(news).trim() || 'Nothing to report.';
  const whom = mention(slackUserId);
  const called: readonly Block[] =
    whom === undefined ? [] : [{ type: 'section', text: mrkdwn(`${whom}:`) }];
  return {
    text: cutEscaped(
      `${whom === undefined ? '' : `${whom}: `}${plainText(text, slackLimits.text - 40)}`,
      slackLimits.text,
    ),
    blocks: [...called, { type: 'section', text: plain(text, slackLimits.sectionText) }],
  };
}

function mrkdwn(text: string): Mrkdwn {
  return { type: 'mrkdwn', text, verbatim: true };
}
