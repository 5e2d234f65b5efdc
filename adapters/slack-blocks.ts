/**
 * A rotation as a Slack message, rendered whole from the stored state. `text` is a complete plain
 * sentence, since notifications and screen readers get nothing else; the buttons are those that the
 * machine would obey now. All outside text stands in plain_text, or in mrkdwn in code style.
 */
import { deadlineOf } from '../domain/at-a-glance.ts';
import type { Rotation } from '../domain/case.ts';
import { issuedOf } from '../domain/ending.ts';
import type { Instant } from '../domain/instant.ts';
import { shortKey } from '../domain/key.ts';
import {
  answersInWords,
  headline,
  reasons,
  type StageLine,
  stageInWords,
  stageList,
  whatToDo,
  wholeSentence,
} from '../domain/status-text.ts';
import { oneLine } from './cut-text.ts';
import { secretConsoleUrl } from './secret-console.ts';
import { slackButtons } from './slack-buttons.ts';
import { slackDate } from './slack-date.ts';
import { codeText, cutEscaped, escapeSlack, mention, plainText } from './slack-escape.ts';
import { lastUses } from './slack-last-uses.ts';
import { slackLimits } from './slack-limits.ts';
import { type Block, type Mrkdwn, plain, type SlackMessage } from './slack-message.ts';

/**
 * How much room each kind of outside text gets. Together with the buttons, and with every character
 * of it doubled by JSON's quoting, they stay below what Slack takes in one message.
 */
const room = { leading: 1300, account: 30, user: 130, owner: 100, arn: 600, use: 200 } as const;

/** The rotation's message as it should look at `now`. */
export function rotationMessage(rotation: Rotation, now: Instant): SlackMessage {
  const blocks: Block[] = [
    ...factBlocks(rotation),
    ...slackButtons(rotation, now),
    { type: 'context', elements: [mrkdwn(`Rotation ${codeText(rotation.id, 100)}`)] },
  ];
  return { text: rotationSentence(rotation), blocks };
}

/** All that the message says, in one text. */
export function rotationSentence(rotation: Rotation): string {
  return plainText(oneLine(wholeSentence(rotation)), slackLimits.text);
}

/** The message without its buttons: how the rotation stands, for whoever asks. */
export function factBlocks(rotation: Rotation): Block[] {
  const { key } = rotation;
  const title = `Access key ${shortKey(key.keyId)} of ${oneLine(key.user.userName)}`;
  return [
    { type: 'header', text: plain(title, slackLimits.header) },
    { type: 'section', text: plain(leading(rotation), room.leading) },
    { type: 'section', fields: fields(rotation) },
    ...stages(rotation),
    ...secret(rotation),
    ...lastUses(rotation),
  ];
}

/** A message of one text: a thread reply, or news for the team. */
export function newsMessage(news: string): SlackMessage {
  const text = oneLine(news).trim() || 'Nothing to report.';
  return {
    text: plainText(text, slackLimits.text),
    blocks: [{ type: 'section', text: plain(text, slackLimits.sectionText) }],
  };
}

export function mrkdwn(text: string): Mrkdwn {
  return { type: 'mrkdwn', text, verbatim: true };
}

/** The state, why it is so, what to do, who looks after it: one line each. */
function leading(rotation: Rotation): string {
  // Last, since the names in it are others': what is to be done is never cut for them.
  const lines = [headline(rotation), ...reasons(rotation), whatToDo(rotation)];
  return [...lines, ...answersInWords(rotation)].map(oneLine).join('\n');
}

function fields(rotation: Rotation): Mrkdwn[] {
  const { key } = rotation;
  const deadline = deadlineOf(rotation);
  const cells: readonly (readonly [string, string])[] = [
    ['Owner', ownerName(rotation)],
    ['Account', codeText(key.user.account, room.account)],
    ['User', codeText(key.user.userName, room.user)],
    ['Old key', codeText(shortKey(key.keyId), 100)],
    ['Stage', cutEscaped(escapeSlack(stageInWords(rotation)), 300)],
    deadline === null
      ? ['Deadline', 'none']
      : [cutEscaped(escapeSlack(deadline.what), 100), slackDate(deadline.at)],
  ];
  return cells.map(([label, value]) => mrkdwn(`*${label}*\n${value}`));
}

export function ownerName({ owner }: Rotation): string {
  if (!owner.known) return 'unknown: please say who owns it';
  return mention(owner.slackUserId) ?? codeText(owner.name, room.owner);
}

const marks: Readonly<Record<StageLine['mark'], string>> = {
  done: '✅',
  now: '▶️',
  stopped: '⏸️',
  'to come': '⏳',
};

function stages(rotation: Rotation): Block[] {
  const lines = stageList(rotation).map(({ title, mark }) => `${marks[mark]} ${title}`);
  if (lines.length === 0) return [];
  return [{ type: 'section', text: plain(lines.join('\n'), slackLimits.sectionText) }];
}

/** Where the new key is: never the key itself. */
function secret(rotation: Rotation): Block[] {
  const issued = issuedOf(rotation);
  if (issued === null) return [];
  const url = secretConsoleUrl(issued.secretArn);
  const lines = [
    `*New key* ${codeText(shortKey(issued.newKeyId), 100)} is in the secret`,
    codeText(issued.secretArn, room.arn),
    ...(url === undefined ? [] : [`<${escapeSlack(url)}|Open it in the AWS console>`]),
    'A program reads it at run time. A person puts its values into the profile in ' +
      '`~/.aws/credentials` (`aws_access_key_id`, `aws_secret_access_key`).',
  ];
  return [{ type: 'section', text: mrkdwn(lines.join('\n')) }];
}
